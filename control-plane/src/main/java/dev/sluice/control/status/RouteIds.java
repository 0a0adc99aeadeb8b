package dev.sluice.control.status;

import java.util.UUID;

/** How the tables name what has no name. */
final class RouteIds {
    /** Stands for "no route matched", and for the version of such requests. */
    static final UUID NONE = new UUID(0, 0);

    private RouteIds() {}
}
