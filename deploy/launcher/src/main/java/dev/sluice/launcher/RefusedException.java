package dev.sluice.launcher;

/** Something that the person at the terminal has to mend before anything can start; the message is one line. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
