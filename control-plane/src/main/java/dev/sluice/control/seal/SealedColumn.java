package dev.sluice.control.seal;

/**
 * A column of sealed text, so that what is in it can be sealed anew. Each value is sealed for the context {@code
 * prefix/key}.
 *
 * @param key column that names a row within the table, shown as text in the context
 * @param column may be null in a row
 * @param prefix first part of the context, such as {@code certificate}
 */
public record SealedColumn(String table, String key, String column, String prefix) {
    /** What the value in the row of this key is sealed for. */
    public String context(String keyOfRow) {
        return prefix + '/' + keyOfRow;
    }
}
