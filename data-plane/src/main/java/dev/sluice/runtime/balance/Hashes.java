package dev.sluice.runtime.balance;

/** 64-bit hashes of text, the same on every runtime. */
final class Hashes {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hashes() {}

    /** FNV-1a over UTF-16 units, with its bits mixed (the finalizer of MurmurHash3). */
    static long of(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mixed(hash);
    }

    /** Another number for each step; in no order. */
    static long step(long hash, int step) {
        return mixed(hash + step * 0x9e3779b97f4a7c15L);
    }

    private static long mixed(long number) {
        long hash = number;
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
