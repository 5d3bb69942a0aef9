package dev.wherry.daemon.api.auth;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.Quota;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.api.server.Gate;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.error.ForbiddenException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Lets a call pass when the role of its peer includes the role that the method needs. */
@Singleton
public final class AccessGate implements Gate {

    private final MethodRules rules;
    private volatile Bound bound;

    private record Bound(AccessSettings settings, Roles roles) {}

    @Inject
    AccessGate(AccessSettings settings, MethodRules rules) {
        this(settings, rules, new Roles(settings));
    }

    /** Read once, for all who ask. */
    @Produces
    @Singleton
    static MethodRules rules() {
        return MethodRules.read();
    }

    AccessGate(AccessSettings settings, MethodRules rules, Roles roles) {
        this.rules = rules;
        this.bound = new Bound(settings, roles);
    }

    /** Decides by other settings from now on; calls that run go on. */
    public void use(AccessSettings settings) {
        if (!settings.equals(bound.settings)) {
            bound = new Bound(settings, new Roles(settings));
        }
    }

    @Override
    public Caller admit(Optional<Peer> peer, String method) {
        Bound now = bound;
        Peer known = peer.orElseThrow(() -> new ForbiddenException(
                "admin", "permission denied: wherryd does not know who calls over this connection"));
        Role role = now.roles
                .of(known)
                .orElseThrow(() -> new ForbiddenException(
                        "roles",
                        "permission denied: " + name(known)
                                + " has no role: an administrator can give one by \"roles\" in wherryd.yaml"));
        requireNamespace(known, now);
        Role needed = rules.role(method);
        if (!role.includes(needed)) {
            throw new ForbiddenException(
                    needed.title(),
                    "permission denied: " + name(known) + " has the role " + role.title() + ", and " + method
                            + " needs the role " + needed.title());
        }
        return caller(known, role, now.settings, now.roles.quota(known));
    }

    /** Root of this host reaches every daemon; whoever else came before the roles changed must come again. */
    private static void requireNamespace(Peer peer, Bound now) {
        Optional<NamespaceName> wanted = now.roles.namespace(peer);
        Optional<NamespaceName> here = now.settings.namespace();
        boolean root = peer instanceof Peer.LocalUser local && local.uid() == 0;
        if (!root && !wanted.equals(here)) {
            throw new ForbiddenException(
                    "namespace",
                    "permission denied: " + name(peer) + " "
                            + wanted.map(it -> "belongs to the namespace " + it).orElse("belongs to no namespace")
                            + ", and this is "
                            + here.map(it -> "the namespace " + it).orElse("none")
                            + ": connect to the daemon's own address again");
        }
    }

    @Override
    public Optional<NamespaceName> elsewhere(Peer peer) {
        Bound now = bound;
        return now.settings.namespace().isPresent() ? Optional.empty() : now.roles.namespace(peer);
    }

    private static Caller caller(Peer peer, Role role, AccessSettings settings, Quota quota) {
        return new Caller(
                name(peer),
                role.title(),
                role == Role.ADMIN,
                role == Role.OPERATOR ? settings.hostPaths() : List.of(),
                role == Role.BUILDER ? settings.repositories() : List.of(),
                role == Role.BUILDER ? settings.sources() : List.of(),
                quota,
                peer instanceof Peer.LocalUser local && local.uid() == 0);
    }

    /** For messages and the audit log. */
    static String name(Peer peer) {
        return switch (peer) {
            case Peer.LocalUser local -> "user " + Integer.toUnsignedString(local.uid());
            case Peer.Certificate certificate -> "certificate " + certificate.subject();
            case Peer.Loopback loopback -> "whoever calls over loopback";
        };
    }
}
