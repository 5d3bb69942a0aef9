package dev.wherry.daemon.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.Quota;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.error.ForbiddenException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessGateTest {

    private static final String LIST = "wherry.v1.ContainerService/List";
    private static final String CREATE = "wherry.v1.ContainerService/Create";
    private static final Peer ROOT = new Peer.LocalUser(0, 0, 1, List.of());
    private static final Peer USER = new Peer.LocalUser(1000, 1000, 1, List.of());
    private static final Peer CERTIFICATE = new Peer.Certificate(
            "CN=ci,O=Example", "ci", List.of("Example"), List.of(), BigInteger.ONE, InetAddress.getLoopbackAddress());

    private static AccessSettings settings(String... bindings) {
        return new AccessSettings(
                Stream.of(bindings).map(RoleBinding::parse).toList(),
                false,
                List.of(Path.of("/srv/data/")),
                List.of("example.com/team"),
                List.of("docker.io/library"));
    }

    private static Caller admit(Peer peer, String method, String... bindings) {
        return new AccessGate(settings(bindings), MethodRules.read()).admit(Optional.of(peer), method);
    }

    @Test
    void refusalSaysWhatRoleIsLacking() {
        assertThatThrownBy(() -> admit(USER, CREATE, "user:1000=reader"))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(
                        "permission denied: user 1000 has the role reader, and wherry.v1.ContainerService/Create needs"
                                + " the role operator")
                .extracting("lacking")
                .isEqualTo("operator");
    }

    @Test
    void peerWithoutARoleIsToldHowToGetOne() {
        assertThatThrownBy(() -> admit(CERTIFICATE, LIST))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(
                        "permission denied: certificate CN=ci,O=Example has no role: an administrator can give one by"
                                + " \"roles\" in wherryd.yaml");
    }

    @Test
    void unknownPeerIsRefused() {
        AccessGate gate = new AccessGate(settings(), MethodRules.read());

        assertThatThrownBy(() -> gate.admit(Optional.empty(), LIST)).isInstanceOf(ForbiddenException.class);
    }

    @Test
    void limitsFollowFromTheRole() {
        assertThat(admit(ROOT, LIST, "cn:ci=builder"))
                .isEqualTo(new Caller("user 0", "admin", true, List.of(), List.of(), List.of(), true));
        assertThat(admit(USER, LIST))
                .isEqualTo(new Caller("user 1000", "admin", true, List.of(), List.of(), List.of(), false));
        assertThat(admit(USER, LIST, "user:1000=operator memory=1GiB"))
                .isEqualTo(new Caller(
                        "user 1000",
                        "operator",
                        false,
                        List.of(Path.of("/srv/data")),
                        List.of(),
                        List.of(),
                        new Quota("user:1000", 0, 1 << 30, 0),
                        false));
        assertThat(admit(CERTIFICATE, LIST, "cn:c*=builder builds=2 contexts=5m"))
                .isEqualTo(new Caller(
                        "certificate CN=ci,O=Example",
                        "builder",
                        false,
                        List.of(),
                        List.of("example.com/team"),
                        List.of("docker.io/library"),
                        new Quota("cn:c*", 2, 0, 5 << 20),
                        false));
    }

    @Test
    void otherSettingsCountFromTheNextCall() {
        AccessGate gate = new AccessGate(settings("user:1000=reader"), MethodRules.read());

        gate.use(settings("user:1000=operator"));

        assertThat(gate.admit(Optional.of(USER), CREATE).role()).isEqualTo("operator");
    }
}
