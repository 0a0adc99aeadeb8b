package dev.sluice.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What roles in all groups and in some come to. */
class GrantsTest {
    private static final UUID EAST = new UUID(0, 1);
    private static final UUID WEST = new UUID(0, 2);

    @Test
    void aRoleForAllGroupsHoldsInEach() {
        Grants grants = new Grants(List.of(Grant.everywhere(Role.VIEWER), in(EAST, Role.OPERATOR)));
        assertThat(grants.in(EAST, Role.DEVELOPER)).isTrue();
        assertThat(grants.in(WEST, Role.VIEWER)).isTrue();
        assertThat(grants.in(WEST, Role.DEVELOPER)).isFalse();
        assertThat(grants.everywhere(Role.DEVELOPER)).isFalse();
        assertThat(grants.anywhere(Role.OPERATOR)).isTrue();
        assertThat(grants.anywhere(Role.ADMIN)).isFalse();
        assertThat(grants.groups(Role.VIEWER)).isNull();
        assertThat(grants.groups(Role.DEVELOPER)).containsExactly(EAST);
        assertThat(Grants.NONE.groups(Role.VIEWER)).isEmpty();
    }

    @Test
    void whatIsCoveredIsWithinInEveryGroup() {
        Grants own = new Grants(List.of(in(EAST, Role.OPERATOR)));
        assertThat(own.covers(Grants.NONE)).isTrue();
        assertThat(own.covers(new Grants(List.of(in(EAST, Role.VIEWER))))).isTrue();
        assertThat(own.covers(new Grants(List.of(in(EAST, Role.ADMIN))))).isFalse();
        assertThat(own.covers(new Grants(List.of(in(WEST, Role.VIEWER))))).isFalse();
        assertThat(own.covers(new Grants(List.of(Grant.everywhere(Role.VIEWER)))))
                .isFalse();
        assertThat(Grants.ADMINISTRATOR.covers(own)).isTrue();
    }

    @Test
    void aLimitLowersEachRole() {
        Grants token = new Grants(List.of(Grant.everywhere(Role.OPERATOR)));
        Grants user = new Grants(List.of(Grant.everywhere(Role.VIEWER), in(EAST, Role.ADMIN)));
        Grants both = token.within(user);
        assertThat(both.in(WEST)).isEqualTo(Role.VIEWER);
        assertThat(both.in(EAST)).isEqualTo(Role.OPERATOR);
        assertThat(user.covers(both)).isTrue();
        assertThat(token.covers(both)).isTrue();
        assertThat(token.within(Grants.NONE).list()).isEmpty();
        assertThat(new Grants(List.of(in(WEST, Role.ADMIN)))
                        .within(new Grants(List.of(in(EAST, Role.ADMIN))))
                        .list())
                .isEmpty();
    }

    private static Grant in(UUID group, Role role) {
        return new Grant(role, group, "g");
    }
}
