package dev.wherry.daemon.pki;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Whom a client's certificate names: {@code O=wherry:ROLE}, or {@code O=wherry:ROLE@NAMESPACE}, and {@code CN=NAME}. A daemon
 * that knows no namespaces finds no role in the latter.
 */
public record Subject(String name, String role, Optional<NamespaceName> namespace) {

    /** What comes before the role. */
    public static final String ORGANISATION = "wherry:";

    private static final String AT = "@";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");

    /** The role that an organisation says, and the namespace; empty when it says none. */
    public record Grant(Role role, Optional<NamespaceName> namespace) {

        public static Optional<Grant> of(String organisation) {
            if (!organisation.startsWith(ORGANISATION)) {
                return Optional.empty();
            }
            String[] parts = organisation.substring(ORGANISATION.length()).split(AT, 2);
            try {
                Optional<NamespaceName> named =
                        parts.length == 1 ? Optional.empty() : Optional.of(new NamespaceName(parts[1]));
                return Role.of(parts[0]).map(role -> new Grant(role, named));
            } catch (InvalidInputException malformed) {
                return Optional.empty();
            }
        }
    }

    public Subject(String name, String role) {
        this(name, role, Optional.empty());
    }

    public Subject {
        check("name", name);
        if (Role.of(role).isEmpty()) {
            throw new InvalidInputException("\"" + role + "\" is not a role: choose one of " + Role.titles());
        }
    }

    private static void check(String what, String text) {
        if (!NAME.matcher(text).matches()) {
            throw new InvalidInputException("\"" + text + "\" is not a " + what
                    + ": use up to 64 letters, digits and the characters _ . @ - and begin with a letter or digit");
        }
    }

    X500Name toName() {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        builder.addRDN(
                BCStyle.O, ORGANISATION + role + namespace.map(it -> AT + it).orElse(""));
        return builder.addRDN(BCStyle.CN, name).build();
    }
}
