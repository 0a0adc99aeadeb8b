package dev.sluice.model.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.IOException;

/** Says in one bounded line what was wrong with JSON that somebody sent, fit for logs and answers. */
public final class JsonFault {
    private static final int LONGEST = 300;

    private JsonFault() {}

    /** The field, where there is one, and the fault; no line break or other control character. */
    public static String describe(IOException fault) {
        StringBuilder text = new StringBuilder();
        if (fault instanceof JsonMappingException mapping) {
            for (JsonMappingException.Reference reference : mapping.getPath()) {
                if (reference.getFieldName() == null) {
                    text.append('[').append(reference.getIndex()).append(']');
                } else {
                    text.append(text.isEmpty() ? "" : ".").append(reference.getFieldName());
                }
            }
            text.append(text.isEmpty() ? "" : ": ");
        }
        text.append(fault instanceof JsonProcessingException json ? json.getOriginalMessage() : fault.getMessage());
        String line = text.toString().replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
