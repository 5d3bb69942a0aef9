package dev.wherry.daemon.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.api.server.Peer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolesTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Peer ROOT = new Peer.LocalUser(0, 0, 1, List.of());
    private static final Peer LOOPBACK = new Peer.Loopback(new InetSocketAddress(HERE, 1));
    private static final Map<String, Integer> USERS = Map.of("alice", 1000, "bob", 1001);
    private static final Map<String, Integer> GROUPS = Map.of("ci", 2000, "staff", 2001);

    private static Peer user(int uid, Integer... groups) {
        return new Peer.LocalUser(uid, uid, 1, List.of(groups));
    }

    private static Peer certificate(String name) {
        return new Peer.Certificate("CN=" + name, name, List.of(), List.of(), BigInteger.ONE, HERE);
    }

    private static Peer issued(String... organisations) {
        return new Peer.Certificate("CN=ci", "ci", List.of(organisations), List.of(), BigInteger.ONE, HERE);
    }

    private static Roles roles(String... bindings) {
        return roles(false, bindings);
    }

    private static Roles roles(boolean issued, String... bindings) {
        return new Roles(
                Stream.of(bindings).map(RoleBinding::parse).toList(),
                issued,
                name -> USERS.containsKey(name) ? OptionalInt.of(USERS.get(name)) : OptionalInt.empty(),
                name -> GROUPS.containsKey(name) ? OptionalInt.of(GROUPS.get(name)) : OptionalInt.empty());
    }

    @Test
    void namespaceIsThatOfTheFirstBindingThatMatchesOrOfTheCertificate() {
        Roles roles =
                roles(true, "user:alice=builder namespace=red", "cn:ci=reader", "group:staff=builder namespace=blue");

        assertThat(roles.namespace(user(1000, 2001))).hasValue(new NamespaceName("red"));
        assertThat(roles.namespace(user(1001, 2001))).hasValue(new NamespaceName("blue"));
        assertThat(roles.namespace(user(1001))).isEmpty();
        assertThat(roles.namespace(ROOT)).isEmpty();
        assertThat(roles.namespace(issued("wherry:builder@green")))
                .as("a binding without a namespace wins")
                .isEmpty();
        assertThat(roles(true).namespace(issued("wherry:builder@green"))).hasValue(new NamespaceName("green"));
        assertThat(roles(true).of(issued("wherry:builder@green"))).hasValue(Role.BUILDER);
        assertThat(roles(true).of(issued("wherry:builder@../green"))).isEmpty();
        assertThat(roles(true).of(issued("wherry:builder@"))).isEmpty();
        assertThat(roles(true).of(issued("wherry:builder@green", "wherry:admin")))
                .isEmpty();
        assertThat(roles(false).namespace(issued("wherry:builder@green"))).isEmpty();
    }

    @Test
    void withoutBindingsWhoOpensTheSocketIsAdmin() {
        assertThat(roles().of(ROOT)).hasValue(Role.ADMIN);
        assertThat(roles().of(user(1000))).hasValue(Role.ADMIN);
        assertThat(roles().of(LOOPBACK)).hasValue(Role.ADMIN);
    }

    @Test
    void certificateWithoutABindingHasNoRole() {
        assertThat(roles().of(certificate("ci"))).isEmpty();
        assertThat(roles("cn:other=admin", "user:alice=admin").of(certificate("ci")))
                .isEmpty();
    }

    @Test
    void certificateOfTheOwnAuthorityNamesItsRole() {
        assertThat(roles(true).of(issued("wherry:builder"))).hasValue(Role.BUILDER);
        assertThat(roles(true, "cn:ci=reader").of(issued("wherry:admin"))).hasValue(Role.READER);
        assertThat(roles(false).of(issued("wherry:builder"))).isEmpty();
        assertThat(roles(true).of(issued("wherry:king"))).isEmpty();
        assertThat(roles(true).of(issued("Example"))).isEmpty();
        assertThat(roles(true).of(issued("wherry:reader", "wherry:admin"))).isEmpty();
    }

    @Test
    void bindingOfCertificatesChangesNothingForLocalUsers() {
        assertThat(roles("cn:ci=builder").of(user(1000))).hasValue(Role.ADMIN);
    }

    @Test
    void withABindingOfLocalCallersAllOthersHaveNoRole() {
        Roles roles = roles("user:alice=operator");

        assertThat(roles.of(user(1000))).hasValue(Role.OPERATOR);
        assertThat(roles.of(user(1001))).isEmpty();
        assertThat(roles.of(LOOPBACK)).isEmpty();
        assertThat(roles("loopback=reader").of(LOOPBACK)).hasValue(Role.READER);
        assertThat(roles("loopback=reader").of(user(1000))).isEmpty();
    }

    @Test
    void rootIsAdminWhateverIsBound() {
        assertThat(roles("user:0=reader", "group:0=reader").of(ROOT)).hasValue(Role.ADMIN);
    }

    @Test
    void groupsCountHoweverTheUserHasThem() {
        Roles roles = roles("group:ci=builder");

        assertThat(roles.of(user(1000, 5, 2000))).hasValue(Role.BUILDER);
        assertThat(roles.of(user(2000))).hasValue(Role.BUILDER);
        assertThat(roles.of(user(1000, 5))).isEmpty();
    }

    @Test
    void firstBindingThatMatchesCounts() {
        Roles roles = roles("user:bob=reader", "group:ci=operator", "cn:ci-*=builder", "cn:*=reader");

        assertThat(roles.of(user(1001, 2000))).hasValue(Role.READER);
        assertThat(roles.of(user(1000, 2000))).hasValue(Role.OPERATOR);
        assertThat(roles.of(certificate("ci-7"))).hasValue(Role.BUILDER);
        assertThat(roles.of(certificate("laptop"))).hasValue(Role.READER);
    }

    @Test
    void patternIsNoRegularExpression() {
        Roles roles = roles("cn:*.ci.example=builder");

        assertThat(roles.of(certificate("a.ci.example"))).hasValue(Role.BUILDER);
        assertThat(roles.of(certificate("a.ciXexample"))).isEmpty();
        assertThat(roles.of(certificate("a.ci.example.evil"))).isEmpty();
    }

    @Test
    void numbersOfUsersAndGroupsNeedNoNames() {
        assertThat(roles("user:4242=reader").of(user(4242))).hasValue(Role.READER);
        assertThat(roles("group:4242=reader").of(user(1, 4242))).hasValue(Role.READER);
    }

    @Test
    void bindingOfAnUnknownNameMatchesNobody() {
        assertThat(roles("user:carol=admin").of(user(1000))).isEmpty();
    }
}
