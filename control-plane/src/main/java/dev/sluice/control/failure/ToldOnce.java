package dev.sluice.control.failure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Remembers the newest thousand matters that were logged, so that a caller cannot fill the log by repeating itself. */
public final class ToldOnce {
    private static final int MOST = 1000;

    private final Set<String> told = Collections.synchronizedSet(Collections.newSetFromMap(newest()));

    /** Whether this is to be logged now. */
    public boolean isNew(String matter) {
        return told.add(matter);
    }

    private static Map<String, Boolean> newest() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MOST;
            }
        };
    }
}
