package dev.sluice.control.access;

/**
 * What the audit trail keeps of a request.
 *
 * @param operation id of the contract's operation
 * @param path without the query
 * @param address where the request came from
 * @param id as the answer's {@code X-Request-Id} names it
 */
public record RequestFacts(String operation, String method, String path, String address, String id) {
    private static final int LONGEST_PATH = 2000;

    public RequestFacts {
        path = path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path;
    }
}
