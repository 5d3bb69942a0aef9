package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import java.util.List;
import java.util.Locale;

/**
 * A device that {@code RUN --device=name[,required]} asks for (Dockerfile reference, "RUN --device").
 *
 * @param name of a device, of a kind of devices, or of a class
 * @param required whether the instruction fails where there is none
 */
public record RunDevice(String name, boolean required) {

    /** @throws DockerfileException when the flag is malformed */
    public static RunDevice parse(Statement statement, TextSpan flag) {
        String name = "";
        boolean required = false;
        for (String field : flag.text().split(",", -1)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (key.equals("required")) {
                required = equals < 0 || yes(statement, flag, field.substring(equals + 1));
            } else if (key.equals("name") && equals > 0) {
                if (!name.isEmpty()) {
                    throw statement.problem(flag, "RUN --device names two devices: give the flag twice");
                }
                name = field.substring(equals + 1);
            } else if (name.isEmpty()) {
                name = field;
            } else {
                throw statement.problem(
                        flag,
                        "RUN --device has no option " + DockerfileException.quote(key)
                                + Suggestion.hint("", key, List.of("name", "required")));
            }
        }
        if (name.isEmpty()) {
            throw statement.problem(flag, "RUN --device needs the name of a device");
        }
        return new RunDevice(name, required);
    }

    private static boolean yes(Statement statement, TextSpan flag, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "t", "true" -> true;
            case "0", "f", "false" -> false;
            default ->
                throw statement.problem(
                        flag, "RUN --device: required is true or false, not " + DockerfileException.quote(value));
        };
    }
}
