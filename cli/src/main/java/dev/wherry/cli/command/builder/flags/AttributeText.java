package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.command.Csv;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A flag of {@code wherry build} that is written as {@code type=TYPE[,KEY=VALUE…]}.
 *
 * @param flag with its dashes
 * @param text as the user gave it
 */
record AttributeText(String flag, String text) {

    List<String> fields() {
        return Csv.fields(flag, text);
    }

    /** The values by their keys, which are in small letters. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String field : fields()) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw wrong("\"" + field + "\" is not KEY=VALUE");
            }
            attributes.put(field.substring(0, equals).strip().toLowerCase(Locale.ROOT), field.substring(equals + 1));
        }
        return attributes;
    }

    BuildOutput.Compression compression(String value) {
        return switch (value) {
            case "uncompressed" -> BuildOutput.Compression.COMPRESSION_UNCOMPRESSED;
            case "gzip" -> BuildOutput.Compression.COMPRESSION_GZIP;
            case "zstd" -> BuildOutput.Compression.COMPRESSION_ZSTD;
            default -> throw wrong("compression is uncompressed, gzip or zstd, not \"" + value + "\"");
        };
    }

    int level(String value) {
        if (!value.matches("[0-9]{1,2}")) {
            throw wrong("compression-level is a number from 0 to 22, not \"" + value + "\"");
        }
        return Integer.parseInt(value);
    }

    boolean bool(String name, String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw wrong(name + " is true or false, not \"" + value + "\"");
        };
    }

    Failure wrong(String reason) {
        return new Failure("build: invalid " + flag + " " + text + ": " + reason);
    }
}
