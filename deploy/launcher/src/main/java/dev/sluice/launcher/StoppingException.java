package dev.sluice.launcher;

/** A start that was overtaken by the stop; nothing is to be told about it. */
final class StoppingException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
