package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A flag's value that is {@code key=value} fields with commas between them; a field with a comma stands in quotes. */
public final class CsvFields {
    private CsvFields() {}

    /**
     * The fields by their keys, in small letters; a key alone has an empty value.
     *
     * @param flag as a user writes it, for messages
     * @param known the keys there are
     * @throws Failure when a key is not known, or a quote is not closed
     */
    public static Map<String, String> parse(String flag, String value, List<String> known) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : split(flag, value)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (!known.contains(key)) {
                throw new Failure(flag + " " + value + ": \"" + key + "\" is not one of " + String.join(", ", known));
            }
            fields.put(key, equals < 0 ? "" : field.substring(equals + 1));
        }
        return fields;
    }

    private static List<String> split(String flag, String value) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' && quoted && i + 1 < value.length() && value.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new Failure(flag + " " + value + ": a quote is not closed");
        }
        fields.add(field.toString());
        return fields;
    }
}
