package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.Csv;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.NetworkAttachment;
import java.util.Locale;

/** Values of {@code --network}: the name of a network, or {@code name=NAME} with further comma-separated fields. */
final class AttachmentSpec {
    private static final String FLAG = "--network";

    private AttachmentSpec() {}

    /** @throws Failure when a field is not known or malformed */
    static NetworkAttachment.Builder parse(String given) {
        NetworkAttachment.Builder attachment = NetworkAttachment.newBuilder();
        if (!given.contains("=")) {
            return attachment.setNetwork(given);
        }
        for (String field : Csv.fields(FLAG, given)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw FlagValue.invalid(FLAG, given, "invalid field " + field + ": write it as KEY=VALUE");
            }
            add(
                    given,
                    field.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                    field.substring(equals + 1),
                    attachment);
        }
        if (attachment.getNetwork().isEmpty()) {
            throw FlagValue.invalid(FLAG, given, "network name/id is not specified");
        }
        return attachment;
    }

    private static void add(String given, String key, String value, NetworkAttachment.Builder attachment) {
        switch (key) {
            case "name" -> attachment.setNetwork(value);
            case "alias" -> attachment.addAliases(value);
            case "ip" -> attachment.setIpv4Address(value);
            case "ip6" -> attachment.setIpv6Address(value);
            case "mac-address" -> attachment.setMacAddress(value);
            case "gw-priority" ->
                attachment.setGatewayPriority(
                        (int) FlagValue.integer(FLAG + " gw-priority", value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "driver-opt" -> {
                int equals = value.indexOf('=');
                if (equals <= 0) {
                    throw FlagValue.invalid(FLAG, given, "invalid key value pair format in driver options");
                }
                attachment.putDriverOptions(
                        value.substring(0, equals).strip().toLowerCase(Locale.ROOT), value.substring(equals + 1));
            }
            case "link-local-ip" ->
                throw new Failure(FLAG + " link-local-ip is not supported yet", ExitStatus.NOT_STARTED);
            default -> throw FlagValue.invalid(FLAG, given, "invalid field key " + key);
        }
    }
}
