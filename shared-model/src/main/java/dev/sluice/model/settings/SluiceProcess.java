package dev.sluice.model.settings;

/** The kinds of process that read settings. */
public enum SluiceProcess {
    CONTROL_PLANE,
    RUNTIME
}
