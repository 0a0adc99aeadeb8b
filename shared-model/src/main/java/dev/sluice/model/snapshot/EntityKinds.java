package dev.sluice.model.snapshot;

/** Kinds of entities that snapshots hold today. Readers keep kinds that they do not know. */
public final class EntityKinds {
    public static final String CERTIFICATE = "certificate";
    public static final String CA_CERTIFICATE = "ca_certificate";
    public static final String IMPLEMENTATION = "implementation";
    public static final String ROUTE = "route";
    public static final String SNI = "sni";
    public static final String TARGET = "target";
    public static final String UPSTREAM = "upstream";

    private EntityKinds() {}
}
