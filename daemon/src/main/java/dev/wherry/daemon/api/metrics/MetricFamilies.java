package dev.wherry.daemon.api.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of several processes in one text: what a family has is together, and its help and type come once. */
final class MetricFamilies {

    private static final String COMMENT = "# ";

    private record Family(List<String> comments, List<String> samples) {
        Family() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private MetricFamilies() {}

    /** @param texts in Prometheus' format; no sample is in two of them */
    static String merged(List<String> texts) {
        Map<String, Family> families = new LinkedHashMap<>();
        for (String text : texts) {
            Family family = new Family();
            boolean first = false;
            for (String line : text.lines().toList()) {
                if (line.startsWith(COMMENT)) {
                    // As in "# HELP name text".
                    String name = line.split(" ", 4)[2];
                    first = !families.containsKey(name) || first && families.get(name) == family;
                    family = families.computeIfAbsent(name, _ -> new Family());
                    if (first) {
                        family.comments().add(line);
                    }
                } else {
                    family.samples().add(line);
                }
            }
        }
        StringBuilder merged = new StringBuilder();
        families.values().forEach(family -> {
            family.comments().forEach(line -> merged.append(line).append('\n'));
            family.samples().forEach(line -> merged.append(line).append('\n'));
        });
        return merged.toString();
    }
}
