package dev.sluice.control.access;

/** A caller who may do everything, for what is tested below the REST frame. */
public final class TestCaller {
    public static final Caller TESTER = named("tester");

    private TestCaller() {}

    public static Caller named(String name) {
        RequestFacts facts = new RequestFacts("testOperation", "POST", "/v1/test", "127.0.0.1", "a-request");
        return new Caller(Principal.ofSettings(name), facts, Role.DEVELOPER);
    }
}
