package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The build arguments of one build (Dockerfile reference, "ARG"): those the client gives, those declared before the
 * first FROM, and the predefined ones.
 */
public final class BuildArguments {

    /** Known to every RUN without a declaration, in small and in capital letters, and no part of its cache key. */
    private static final List<String> PROXIES =
            List.of("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy");

    /** Arguments of this prefix are meant for the builder. */
    private static final String BUILDER_PREFIX = "BUILDKIT_";

    private final Map<String, String> given;
    private final Map<String, String> globals = new HashMap<>();
    private final Set<String> consumed = new HashSet<>();

    /** @param targetStage name of the stage that is built; {@code default} when it has none */
    public BuildArguments(Map<String, String> given, Platform host, Platform target, String targetStage) {
        this.given = given;
        globals.put("TARGETSTAGE", targetStage);
        platform("BUILD", host);
        platform("TARGET", target);
    }

    private void platform(String prefix, Platform platform) {
        globals.put(prefix + "PLATFORM", platform.toString());
        globals.put(prefix + "OS", platform.os());
        globals.put(prefix + "ARCH", platform.architecture());
        globals.put(prefix + "VARIANT", platform.variant() == null ? "" : platform.variant());
    }

    /** Takes in the ARG instructions before the first FROM. */
    public void declareGlobals(List<Arg> declarations) {
        for (Arg arg : declarations) {
            for (Arg.Declaration declaration : arg.declarations()) {
                String name = declaration.name().expand(globalScope());
                Optional<String> value =
                        given(name).or(() -> declaration.defaultValue().map(word -> word.expand(globalScope())));
                value.ifPresent(known -> globals.put(name, known));
            }
        }
    }

    /** Forgets a name that was declared before the first FROM. */
    void withdraw(String name) {
        globals.remove(name);
    }

    /** What a FROM line sees. */
    public Scope globalScope() {
        return Scope.of(globals);
    }

    /**
     * The value that an ARG of a stage declares, if it has one.
     *
     * @param defaultValue looked at only when the client gives no value
     */
    Optional<String> declare(String name, Supplier<Optional<String>> defaultValue) {
        return given(name).or(defaultValue).or(() -> Optional.ofNullable(globals.get(name)));
    }

    /** Whether the name steers the builder, and no process sees it even where an ARG declares it. */
    static boolean isForBuilderOnly(String name) {
        return name.startsWith("BUILDKIT_SBOM_SCAN_");
    }

    private Optional<String> given(String name) {
        consumed.add(name);
        return Optional.ofNullable(given.get(name));
    }

    /**
     * The proxies that the client gives, for every RUN. Some programs look for one spelling and some for the other, so
     * that each is set; where the client gives both, the one in small letters wins.
     */
    Map<String, String> hidden() {
        Map<String, String> values = new HashMap<>();
        new TreeMap<>(given).forEach((name, value) -> values.put(name.toLowerCase(Locale.ROOT), value));
        Map<String, String> proxies = new LinkedHashMap<>();
        for (String name : PROXIES) {
            String value = values.getOrDefault(name, "");
            if (!value.isEmpty()) {
                proxies.put(name.toUpperCase(Locale.ROOT), value);
                proxies.put(name, value);
            }
        }
        return proxies;
    }

    /** Names that an instruction has asked for. */
    Set<String> declared() {
        return consumed;
    }

    /** Names that the client gives a value for and no instruction declares. */
    List<String> unused() {
        List<String> names = new ArrayList<>(given.keySet());
        names.removeAll(consumed);
        names.removeIf(name -> PROXIES.contains(name.toLowerCase(Locale.ROOT)));
        names.remove(SourceDate.ARGUMENT);
        names.removeIf(name -> name.startsWith(BUILDER_PREFIX));
        names.sort(null);
        return names;
    }
}
