package dev.wherry.daemon.api.docker.http;

import dev.wherry.daemon.api.server.CallRunner.Lasts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What answers which request. A pattern is a path whose parts in braces are variables; {@code {name...}} stands for one
 * part or several, as the names of images have them. Each route names the method of our own API whose role a caller needs.
 */
public final class Routes {

    private static final String MANY = "...}";

    private final Map<String, List<Route>> routes = new HashMap<>();

    /**
     * One route.
     *
     * @param method of our own API, such as {@code wherry.v1.ContainerService/List}
     */
    record Route(
            String verb, List<String> pattern, String method, Function<Parameters, Lasts> lasts, Handler handler) {}

    /** A route, and what the variables of its pattern stand for. */
    record Match(Route route, Map<String, String> variables) {}

    /** An answer that comes as soon as its work is done. */
    public Routes add(String verb, String pattern, String method, Handler handler) {
        return add(verb, pattern, method, _ -> Lasts.WORK, handler);
    }

    /** An answer that may last as long as a container or the client wants. */
    public Routes watch(String verb, String pattern, String method, Handler handler) {
        return add(verb, pattern, method, _ -> Lasts.WATCH, handler);
    }

    public Routes add(String verb, String pattern, String method, Function<Parameters, Lasts> lasts, Handler handler) {
        List<String> parts = List.of(pattern.substring(1).split("/", -1));
        routes.computeIfAbsent(parts.getFirst(), _ -> new ArrayList<>())
                .add(new Route(verb, parts, "wherry.v1." + method, lasts, handler));
        return this;
    }

    /** @param path decoded, without a version */
    Optional<Match> find(String verb, String path) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        List<String> parts = List.of(path.substring(1).split("/", -1));
        for (Route route : routes.getOrDefault(parts.getFirst(), List.of())) {
            if (route.verb.equals(verb)) {
                Map<String, String> variables = new HashMap<>();
                if (matches(route.pattern, parts, variables)) {
                    return Optional.of(new Match(route, variables));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean matches(List<String> pattern, List<String> parts, Map<String, String> variables) {
        int extra = parts.size() - pattern.size();
        int at = 0;
        for (String wanted : pattern) {
            boolean many = wanted.endsWith(MANY);
            int count = many ? 1 + extra : 1;
            if (count < 1 || at + count > parts.size()) {
                return false;
            }
            String found = String.join("/", parts.subList(at, at + count));
            at += count;
            if (wanted.startsWith("{")) {
                if (found.isEmpty()) {
                    return false;
                }
                variables.put(wanted.substring(1, wanted.length() - (many ? MANY.length() : 1)), found);
            } else if (!wanted.equals(found)) {
                return false;
            }
        }
        return at == parts.size();
    }
}
