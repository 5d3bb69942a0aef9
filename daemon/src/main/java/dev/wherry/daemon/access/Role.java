package dev.wherry.daemon.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much a caller may do; each role includes those before it. */
public enum Role {
    /** Lists and inspects; reads logs, events and figures. */
    READER,
    /** Builds, pulls and pushes images. */
    BUILDER,
    /** Runs containers, but none that could leave its confinement. */
    OPERATOR,
    /** Everything, which is as much as root may do on the host. */
    ADMIN;

    /** The role of this title; empty when there is none. */
    public static Optional<Role> of(String title) {
        return Arrays.stream(values())
                .filter(role -> role.title().equals(title))
                .findFirst();
    }

    /** As users write it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All roles, from most to least. */
    public static String titles() {
        return Arrays.stream(values()).map(Role::title).collect(Collectors.toList()).reversed().stream()
                .collect(Collectors.joining(", "));
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
