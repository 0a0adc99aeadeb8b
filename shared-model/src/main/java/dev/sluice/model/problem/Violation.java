package dev.sluice.model.problem;

/**
 * One thing that is wrong with what was sent.
 *
 * @param field where: a path of names and indexes such as {@code route.paths[0]}; empty for the whole body
 * @param code what kind of fault, one word that programs may rely on: {@code required}, {@code unknown_field},
 *     {@code type}, {@code range}, {@code pattern}, {@code invalid}, {@code conflict} …
 * @param message one sentence that says what is wrong and what to do
 */
public record Violation(String field, String code, String message) {
    /** The same fault seen from outside: {@code paths[0]} inside {@code route} is {@code route.paths[0]}. */
    public Violation within(String parent) {
        return new Violation(field.isEmpty() ? parent : parent + "." + field, code, message);
    }
}
