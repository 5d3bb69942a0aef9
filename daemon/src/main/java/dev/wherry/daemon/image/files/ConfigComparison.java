package dev.wherry.daemon.image.files;

import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.Execution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the settings in which the configs of two images differ. When and by whom an image was made is no setting. */
final class ConfigComparison {

    private final List<ConfigChange> changes = new ArrayList<>();

    private ConfigComparison() {}

    static List<ConfigChange> of(ImageConfig one, ImageConfig other) {
        ConfigComparison comparison = new ConfigComparison();
        comparison.text("os", one.os(), other.os());
        comparison.text("architecture", one.architecture(), other.architecture());
        comparison.text("variant", one.variant(), other.variant());
        comparison.run(one.config(), other.config());
        return comparison.changes;
    }

    private void run(Execution one, Execution other) {
        keyed("Env", variables(one.env()), variables(other.env()));
        json("Entrypoint", one.entrypoint(), other.entrypoint());
        json("Cmd", one.cmd(), other.cmd());
        text("WorkingDir", one.workingDir(), other.workingDir());
        text("User", one.user(), other.user());
        keyed("ExposedPorts", names(one.exposedPorts()), names(other.exposedPorts()));
        keyed("Volumes", names(one.volumes()), names(other.volumes()));
        keyed("Labels", orEmpty(one.labels()), orEmpty(other.labels()));
        text("StopSignal", one.stopSignal(), other.stopSignal());
        json("Shell", one.shell(), other.shell());
        json("Healthcheck", one.healthcheck(), other.healthcheck());
        json("OnBuild", one.onBuild(), other.onBuild());
    }

    private static Map<String, String> variables(List<String> env) {
        Map<String, String> variables = new TreeMap<>();
        for (String variable : env == null ? List.<String>of() : env) {
            int equals = variable.indexOf('=');
            variables.put(
                    equals < 0 ? variable : variable.substring(0, equals),
                    equals < 0 ? "" : variable.substring(equals + 1));
        }
        return variables;
    }

    private static Map<String, String> names(Map<String, ?> set) {
        Map<String, String> names = new TreeMap<>();
        orEmpty(set).keySet().forEach(name -> names.put(name, ""));
        return names;
    }

    private static <T> Map<String, T> orEmpty(Map<String, T> map) {
        return map == null ? Map.of() : map;
    }

    private void keyed(String field, Map<String, String> one, Map<String, String> other) {
        SortedSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        for (String key : keys) {
            add(field, key, one.get(key), other.get(key));
        }
    }

    private void json(String field, Object one, Object other) {
        add(field, "", written(one), written(other));
    }

    /** An empty list or map says as much as none. */
    private static String written(Object value) {
        boolean empty = value == null
                || value instanceof Collection<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
        return empty ? null : new String(CanonicalJson.write(value), StandardCharsets.UTF_8);
    }

    private void text(String field, String one, String other) {
        add(field, "", one == null || one.isEmpty() ? null : one, other == null || other.isEmpty() ? null : other);
    }

    private void add(String field, String key, String one, String other) {
        if (!Objects.equals(one, other)) {
            changes.add(new ConfigChange(field, key, Optional.ofNullable(one), Optional.ofNullable(other)));
        }
    }
}
