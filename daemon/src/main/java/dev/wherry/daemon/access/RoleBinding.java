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
 * @param namespace whose things they see; empty for those of the first daemon
 * @param disk bytes that all things of the namespace may take; 0 for any number
 */
public record RoleBinding(
        Kind kind, String subject, Role role, Quota quota, Optional<NamespaceName> namespace, long disk) {

    /** Who may be named by anything; the role and the words after it have no other equals sign than their own. */
    private static final Pattern FORM =
            Pattern.compile("(?<who>.*?)(=(?<role>[^=]*?)(?<words>(\\s+[a-z]+=\\S*)*))?", Pattern.DOTALL);

    private static final String NAMESPACE = "namespace=";
    private static final String DISK = "disk=";

    /** A binding without bounds. */
    public RoleBinding(Kind kind, String subject, Role role) {
        this(kind, subject, role, Quota.of(kind.title() + (subject.isEmpty() ? "" : ":" + subject)));
    }

    /** A binding without a namespace. */
    public RoleBinding(Kind kind, String subject, Role role, Quota quota) {
        this(kind, subject, role, quota, Optional.empty(), 0);
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
     * Reads {@code user:NAME=ROLE} and the like, with words after the role: {@code builds=2 namespace=red}.
     *
     * @throws InvalidInputException when the text is malformed
     */
    public static RoleBinding parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalStateException(text);
        }
        String who = parts.group("who").strip();
        String title = Optional.ofNullable(parts.group("role")).orElse("").strip();
        int colon = who.indexOf(':');
        String subject = colon < 0 ? "" : who.substring(colon + 1);
        Kind kind = Kind.of(colon < 0 ? who : who.substring(0, colon))
                .filter(known -> subject.isEmpty() == (known == Kind.LOOPBACK))
                .orElseThrow(() -> new InvalidInputException(
                        "\"" + who + "\" is not one of user:NAME, group:NAME, cn:PATTERN and loopback"));
        Role role = Role.of(title)
                .orElseThrow(() ->
                        new InvalidInputException("\"" + title + "\" is not a role: use one of " + Role.titles()));
        return new RoleBinding(kind, subject, role, Quota.of(who))
                .with(Optional.ofNullable(parts.group("words")).orElse(""));
    }

    private RoleBinding with(String words) {
        Quota bounds = quota;
        Optional<NamespaceName> named = Optional.empty();
        long room = 0;
        for (String word : words.strip().split("\\s+")) {
            if (word.startsWith(NAMESPACE)) {
                named = Optional.of(new NamespaceName(word.substring(NAMESPACE.length())));
            } else if (word.startsWith(DISK)) {
                room = Quota.size(word, word.substring(DISK.length()));
            } else if (!word.isEmpty()) {
                bounds = bounds.with(word);
            }
        }
        if (room > 0 && named.isEmpty()) {
            throw new InvalidInputException(
                    "\"disk\" bounds a namespace, and " + quota.owner() + " has none: add namespace=NAME");
        }
        return new RoleBinding(kind, subject, role, bounds, named, room);
    }

    /** Whether it says who of this host's users has which role. */
    public boolean isLocal() {
        return kind != Kind.CN;
    }
}
