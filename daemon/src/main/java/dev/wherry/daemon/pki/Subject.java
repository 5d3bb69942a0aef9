package dev.wherry.daemon.pki;

import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Whom a client's certificate names: {@code O=wherry:ROLE}, {@code CN=NAME}.
 */
public record Subject(String name, String role) {

    /** What comes before the role. */
    public static final String ORGANISATION = "wherry:";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");

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
        builder.addRDN(BCStyle.O, ORGANISATION + role);
        return builder.addRDN(BCStyle.CN, name).build();
    }
}
