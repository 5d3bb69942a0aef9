package dev.wherry.cli.command;

/** The value of a flag {@code --add-host}: {@code NAME:ADDRESS} or {@code NAME=ADDRESS}. */
public final class ExtraHost {
    private static final String GATEWAY = "host-gateway";

    private ExtraHost() {}

    /**
     * The value as {@code NAME:ADDRESS}; an IPv6 address may be given in brackets, and {@code host-gateway} stands for
     * the address of the host.
     */
    public static String parse(String given) {
        int separator = given.indexOf('=') > 0 ? given.indexOf('=') : given.indexOf(':');
        if (separator <= 0) {
            throw FlagValue.invalid("--add-host", given, "bad format for add-host: \"" + given + "\"");
        }
        String address = given.substring(separator + 1);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        if (!address.equals(GATEWAY) && !isAddress(address)) {
            throw FlagValue.invalid("--add-host", given, "invalid IP address in add-host: \"" + address + "\"");
        }
        return given.substring(0, separator) + ":" + address;
    }

    /** Whether a text is an IP address; the daemon looks closer. */
    public static boolean isAddress(String text) {
        return text.contains(":")
                ? text.matches("[0-9a-fA-F:.]{2,45}(%[0-9a-zA-Z_.-]{1,15})?")
                : text.matches("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
    }
}
