package dev.wherry.daemon.container.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How users name the pod of a container. */
class PodMembershipTest {

    private static final PodMembership MEMBER =
            new PodMembership("abc123", "default/web", "server", 0, "", Map.of(), Set.of(), "", null);

    @Test
    void podIsNamedByItsNameOrItsSandbox() {
        assertThat(MEMBER.isOf("web")).isTrue();
        assertThat(MEMBER.isOf("default/web")).isTrue();
        assertThat(MEMBER.isOf("abc")).isTrue();
        assertThat(MEMBER.isOf("other/web")).isFalse();
        assertThat(MEMBER.isOf("server")).isFalse();
        assertThat(MEMBER.isOf("")).isFalse();
    }

    @Test
    void containerOfNoPodIsOfNone() {
        assertThat(PodMembership.NONE.isMember()).isFalse();
        assertThat(PodMembership.NONE.isOf("web")).isFalse();
    }
}
