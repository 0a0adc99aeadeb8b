package dev.sluice.model.settings;

import java.util.List;

/** Settings that a process cannot start with; the message is one line that names each and says what it wants. */
public final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingsException(List<String> problems) {
        super(String.join("; ", problems));
    }
}
