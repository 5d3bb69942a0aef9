package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.filter.Filters;
import dev.wherry.v1.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Filters as messages of the API. */
public final class FilterMessages {

    private FilterMessages() {}

    /** A key that is given again adds its values. */
    public static Filters filters(List<Filter> messages) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Filter filter : messages) {
            values.computeIfAbsent(filter.getKey(), key -> new ArrayList<>()).addAll(filter.getValuesList());
        }
        return new Filters(values);
    }
}
