package dev.wherry.daemon.api.auth;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.Quota;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.linux.Accounts;
import dev.wherry.daemon.pki.Subject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Which peer has which role. Root of this host is always admin; so is everyone who can open the unix socket, as long as
 * no binding concerns local callers. A certificate has the role of the first binding that matches, else the one that it
 * names itself, if the daemon's own authority has issued it. Everyone else has none.
 *
 * <p>Names of users and groups are looked up once, when the configuration is read.
 */
final class Roles {

    private static final Logger LOG = Logger.getLogger(Roles.class);

    private record Rule(Predicate<Peer> matches, RoleBinding binding) {}

    private final List<Rule> rules;
    private final boolean localByDefault;
    private final boolean issued;

    Roles(AccessSettings settings) {
        this(settings.bindings(), settings.issued(), Accounts::user, Accounts::group);
    }

    Roles(
            List<RoleBinding> bindings,
            boolean issued,
            Function<String, OptionalInt> users,
            Function<String, OptionalInt> groups) {
        this.issued = issued;
        this.localByDefault = bindings.stream().noneMatch(RoleBinding::isLocal);
        this.rules = bindings.stream()
                .map(binding -> new Rule(matching(binding, users, groups), binding))
                .toList();
    }

    private static Predicate<Peer> matching(
            RoleBinding binding, Function<String, OptionalInt> users, Function<String, OptionalInt> groups) {
        return switch (binding.kind()) {
            case USER -> {
                OptionalInt uid = number(binding.subject(), users, "user");
                yield peer -> peer instanceof Peer.LocalUser local && uid.isPresent() && local.uid() == uid.getAsInt();
            }
            case GROUP -> {
                OptionalInt gid = number(binding.subject(), groups, "group");
                yield peer -> peer instanceof Peer.LocalUser local && gid.isPresent() && local.isIn(gid.getAsInt());
            }
            case CN -> {
                Pattern pattern = pattern(binding.subject());
                yield peer -> peer instanceof Peer.Certificate certificate
                        && pattern.matcher(certificate.commonName()).matches();
            }
            case LOOPBACK -> peer -> peer instanceof Peer.Loopback;
        };
    }

    private static OptionalInt number(String subject, Function<String, OptionalInt> names, String kind) {
        OptionalInt named = names.apply(subject);
        if (named.isPresent()) {
            return named;
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(subject));
        } catch (NumberFormatException name) {
            LOG.warnf("roles: there is no %s \"%s\"", kind, subject);
            return OptionalInt.empty();
        }
    }

    private static Pattern pattern(String glob) {
        StringBuilder pattern = new StringBuilder();
        for (String literal : glob.split("\\*", -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }

    /** Empty for a peer that nothing gives a role to. */
    Optional<Role> of(Peer peer) {
        if (peer instanceof Peer.LocalUser local && local.uid() == 0) {
            return Optional.of(Role.ADMIN);
        }
        Optional<RoleBinding> bound = binding(peer);
        if (bound.isPresent()) {
            return Optional.of(bound.get().role());
        }
        return switch (peer) {
            case Peer.Certificate certificate -> named(certificate).map(Subject.Grant::role);
            case Peer.LocalUser local -> localByDefault ? Optional.of(Role.ADMIN) : Optional.empty();
            case Peer.Loopback loopback -> localByDefault ? Optional.of(Role.ADMIN) : Optional.empty();
        };
    }

    /** How much a peer may use; root, and whoever no binding matches, may use everything. */
    Quota quota(Peer peer) {
        return peer instanceof Peer.LocalUser local && local.uid() == 0
                ? Quota.NONE
                : binding(peer).map(RoleBinding::quota).orElse(Quota.NONE);
    }

    private Optional<RoleBinding> binding(Peer peer) {
        return rules.stream()
                .filter(rule -> rule.matches.test(peer))
                .map(Rule::binding)
                .findFirst();
    }

    /** Whose things a peer sees; empty for those of the first daemon, as root always does. */
    Optional<NamespaceName> namespace(Peer peer) {
        if (peer instanceof Peer.LocalUser local && local.uid() == 0) {
            return Optional.empty();
        }
        Optional<RoleBinding> bound = binding(peer);
        if (bound.isPresent()) {
            return bound.get().namespace();
        }
        return peer instanceof Peer.Certificate certificate
                ? named(certificate).flatMap(Subject.Grant::namespace)
                : Optional.empty();
    }

    /** What the subject of a certificate says; nothing where there are several, or other organisations besides. */
    private Optional<Subject.Grant> named(Peer.Certificate certificate) {
        return Optional.of(certificate.organisations())
                .filter(all -> issued && all.size() == 1)
                .flatMap(all -> Subject.Grant.of(all.getFirst()));
    }
}
