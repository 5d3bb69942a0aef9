package dev.wherry.daemon.access;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who has a role, as the configuration says it.
 *
 * @param subject a name or number of a user or group, or a pattern of common names; empty for loopback
 * @param quota how much all whom it concerns may use
 */
public record RoleBinding(Kind kind, String subject, Role role, Quota quota) {

    /** Who may be named by anything; the role and the bounds after it have no other equals sign than their own. */
    private static final Pattern FORM =
            Pattern.compile("(?<who>.*?)=\\s*(?<role>[a-z]+)(?<bounds>(\\s+[a-z]+=\\S*)*)", Pattern.DOTALL);

    /** A binding without bounds. */
    public RoleBinding(Kind kind, String subject, Role role) {
        this(kind, subject, role, Quota.of(kind.title() + (subject.isEmpty() ? "" : ":" + subject)));
    }

    /** By what a caller is known. */
    public enum Kind {
        /** A user of this host, by name or number. */
        USER,
        /** A group of this host, by name or number; supplementary groups count. */
        GROUP,
        /** The common name of a client's certificate; {@code *} stands for any characters. */
        CN,
        /** Whoever connects over loopback without TLS. */
        LOOPBACK;

        private String title() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Kind> of(String title) {
            return Arrays.stream(values())
                    .filter(kind -> kind.title().equals(title))
                    .findFirst();
        }
    }

    /**
     * Reads {@code user:NAME=ROLE} and the like, with bounds after the role: {@code builds=2 memory=8GiB}.
     *
     * @throws InvalidInputException when the text is malformed
     */
    public static RoleBinding parse(String text) {
        Matcher bounded = FORM.matcher(text.strip());
        int equals = text.lastIndexOf('=');
        String who = bounded.matches()
                ? bounded.group("who").strip()
                : equals < 0 ? text : text.substring(0, equals).strip();
        String title = bounded.matches()
                ? bounded.group("role")
                : equals < 0 ? "" : text.substring(equals + 1).strip();
        int colon = who.indexOf(':');
        String subject = colon < 0 ? "" : who.substring(colon + 1);
        Optional<Kind> kind = Kind.of(colon < 0 ? who : who.substring(0, colon))
                .filter(known -> subject.isEmpty() == (known == Kind.LOOPBACK));
        Optional<Role> role = Role.of(title);
        if (kind.isEmpty()) {
            throw new InvalidInputException(
                    "\"" + who + "\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback");
        }
        if (role.isEmpty()) {
            throw new InvalidInputException("\"" + title + "\" is not a role: use one of " + Role.titles());
        }
        Quota quota = Quota.of(who);
        for (String bound : bounded.group("bounds").strip().split("\\s+")) {
            quota = bound.isEmpty() ? quota : quota.with(bound);
        }
        return new RoleBinding(kind.get(), subject, role.get(), quota);
    }

    /** Whether it says who of this host's users has which role. */
    public boolean isLocal() {
        return kind != Kind.CN;
    }
}
