package dev.wherry.cli.command;

import dev.wherry.cli.error.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The value of a flag in the form of comma-separated {@code key=value} fields. */
public final class CsvFields {
    private CsvFields() {}

    /**
     * The fields by their keys in lower case; a key alone has an empty value.
     *
     * @param flag with its dashes, for messages
     * @param known the keys that the flag has
     * @throws Failure if a key is unknown or a quote is misplaced
     */
    public static Map<String, String> parse(String flag, String value, List<String> known) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : Csv.fields(flag, value)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (!known.contains(key)) {
                throw new Failure(flag + " " + value + ": \"" + key + "\" is not one of " + String.join(", ", known));
            }
            fields.put(key, equals < 0 ? "" : field.substring(equals + 1));
        }
        return fields;
    }
}
