package dev.sluice.runtime.snapshot;

/** Where a served snapshot came from. */
public enum SnapshotSource {
    CONTROL_PLANE("control_plane"),
    DISK("disk"),
    SEED("seed");

    private final String wireName;

    SnapshotSource(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
