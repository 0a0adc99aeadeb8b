package dev.sluice.control.access;

import dev.sluice.control.failure.ForbiddenException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request of somebody, and the role that its operation needs. Whoever finds a group, or what lies in one, asks here:
 * what the caller does not see is as if it were not there, and what he sees and may not do is forbidden.
 */
public final class Caller {
    private final Principal principal;
    private final RequestFacts request;
    private final @Nullable Role needed;
    private volatile boolean asked;
    private final AtomicBoolean audited;

    /** @param needed role that the operation needs; null when it needs none */
    public Caller(Principal principal, RequestFacts request, @Nullable Role needed) {
        this(principal, request, needed, new AtomicBoolean());
    }

    private Caller(Principal principal, RequestFacts request, @Nullable Role needed, AtomicBoolean audited) {
        this.principal = principal;
        this.request = request;
        this.needed = needed;
        this.audited = audited;
    }

    /** The control plane itself, at what it does unasked. */
    public static Caller controlPlane(String doing) {
        RequestFacts facts = new RequestFacts(doing, "", "", "", "");
        return new Caller(Principal.ofSettings("control plane"), facts, Role.ADMIN);
    }

    public Principal principal() {
        return principal;
    }

    public RequestFacts request() {
        return request;
    }

    /** Who it is, for revision rows. */
    public String name() {
        return Objects.requireNonNullElse(principal.name(), "nobody");
    }

    /** Whether what lies in this group exists for the caller. */
    public boolean sees(UUID groupId) {
        asked = true;
        return principal.grants().in(groupId, Role.VIEWER);
    }

    /** The groups that exist for the caller; null for all there are. */
    public UUID @Nullable [] visibleGroups() {
        asked = true;
        return principal.grants().groups(Role.VIEWER);
    }

    /**
     * Refuses the caller who has not the operation's role in this group.
     *
     * @throws ForbiddenException (403) naming role and group, the latter where he sees it
     */
    public void require(UUID groupId, String group) {
        asked = true;
        Role role = needed();
        Role granted = principal.grants().in(groupId);
        if (granted == null) {
            throw new ForbiddenException("This also concerns a runtime group in which you have no role; it needs the"
                    + " role " + role.wireName() + " there.");
        }
        if (!granted.includes(role)) {
            throw new ForbiddenException("This needs the role " + role.wireName() + " in runtime group '" + group
                    + "'; there you are " + granted.wireName() + ".");
        }
    }

    /** Whether the operation's role is there for all groups. */
    public boolean mayEverywhere() {
        asked = true;
        return principal.grants().everywhere(needed());
    }

    /** Whether anybody asked this caller for a group. */
    public boolean wasAsked() {
        return asked;
    }

    /** Notes that the audit trail has this request, if the transaction in which that is said commits. */
    public void audited() {
        audited.set(true);
    }

    public boolean wasAudited() {
        return audited.get();
    }

    /** The same request, of somebody who has turned out to be another: for logins. */
    public Caller as(Principal other) {
        return new Caller(other, request, needed, audited);
    }

    private Role needed() {
        if (needed == null) {
            throw new IllegalStateException(request.operation() + " needs no role, so it concerns no group");
        }
        return needed;
    }
}
