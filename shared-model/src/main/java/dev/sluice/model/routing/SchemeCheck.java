package dev.sluice.model.routing;

/** What becomes of a request by its scheme, once a route was chosen without regard to it. */
public enum SchemeCheck {
    /** The route takes the request. */
    SERVE,
    /** Plain http on an https-only route: 426 with {@code Upgrade}. */
    HTTPS_REQUIRED,
    /** Plain http on an https-only route: the route's redirect status with {@code Location}. */
    REDIRECT_TO_HTTPS
}
