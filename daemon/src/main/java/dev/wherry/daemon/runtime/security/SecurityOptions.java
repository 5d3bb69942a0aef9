package dev.wherry.daemon.runtime.security;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.Isolation;
import java.util.List;
import java.util.Optional;

/**
 * What {@code --security-opt} says.
 *
 * @param seccomp "unconfined", "builtin", or a profile's JSON
 * @param apparmor name of a profile; empty for none given
 * @param systemPaths whether paths of the kernel's file systems are hidden and made read-only
 * @param labels options that are of no effect, since there is no SELinux here
 */
public record SecurityOptions(
        String seccomp, boolean noNewPrivileges, Optional<String> apparmor, boolean systemPaths, List<String> labels) {

    public static final String UNCONFINED = "unconfined";
    private static final String BUILTIN = "builtin";
    private static final SecurityOptions NONE = new SecurityOptions(BUILTIN, false, Optional.empty(), true, List.of());

    /** @throws InvalidInputException when an option is not known, or the kernel cannot do what it asks for */
    public static SecurityOptions parse(Isolation isolation) {
        if (isolation.securityOptions().isEmpty()) {
            return NONE;
        }
        String seccomp = BUILTIN;
        boolean noNewPrivileges = false;
        Optional<String> apparmor = Optional.empty();
        boolean systemPaths = true;
        for (String option : isolation.securityOptions()) {
            String[] parts = option.split(option.contains("=") ? "=" : ":", 2);
            String value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "seccomp" -> seccomp = required(option, value);
                case "no-new-privileges" -> noNewPrivileges = flag(option, value);
                case "apparmor" -> apparmor = Optional.of(apparmor(required(option, value)));
                case "systempaths" -> systemPaths = !UNCONFINED.equals(only(option, value));
                case "label", "disable" -> {}
                default ->
                    throw new InvalidInputException("security option " + shown(option)
                            + ": not known: use seccomp, no-new-privileges, apparmor, systempaths or label");
            }
        }
        List<String> labels = isolation.securityOptions().stream()
                .filter(option -> option.startsWith("label") || option.equals("disable"))
                .toList();
        return new SecurityOptions(seccomp, noNewPrivileges, apparmor, systemPaths, labels);
    }

    /** The AppArmor profile of a container, as {@code inspect} names it. */
    public static String apparmorProfile(Isolation isolation) {
        return AppArmor.host().describe(parse(isolation).apparmor(), isolation.privileged());
    }

    public boolean hasSeccompProfile() {
        return !seccomp.equals(UNCONFINED) && !seccomp.equals(BUILTIN);
    }

    private static String required(String option, String value) {
        if (value.isEmpty()) {
            throw new InvalidInputException("security option " + option + ": a value is missing after \"=\"");
        }
        return value;
    }

    private static boolean flag(String option, String value) {
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw new InvalidInputException("security option " + shown(option) + ": use true or false");
        };
    }

    private static String only(String option, String value) {
        if (!value.equals(UNCONFINED)) {
            throw new InvalidInputException(
                    "security option " + shown(option) + ": the one value known is systempaths=unconfined");
        }
        return value;
    }

    private static String apparmor(String profile) {
        if (!profile.equals(UNCONFINED) && !AppArmor.host().isEnabled()) {
            throw new InvalidInputException("security option apparmor=" + shown(profile)
                    + ": the kernel of this host has no AppArmor: leave the option out");
        }
        return profile;
    }

    private static String shown(String option) {
        return option.length() > 80 ? option.substring(0, 80) + "…" : option;
    }
}
