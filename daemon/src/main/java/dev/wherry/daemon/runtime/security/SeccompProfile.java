package dev.wherry.daemon.runtime.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.KernelVersion;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Argument;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Seccomp;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.SystemCalls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A seccomp profile as docker's users write it: JSON whose rules may depend on the machine, its kernel and the
 * capabilities that the container has. {@link #spec} decides them for one container.
 */
public final class SeccompProfile {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 1 << 20;
    private static final Set<String> ACTIONS = Set.of(
            "SCMP_ACT_KILL",
            "SCMP_ACT_KILL_PROCESS",
            "SCMP_ACT_KILL_THREAD",
            "SCMP_ACT_TRAP",
            "SCMP_ACT_ERRNO",
            "SCMP_ACT_TRACE",
            "SCMP_ACT_ALLOW",
            "SCMP_ACT_LOG");
    private static final Set<String> OPERATORS = Set.of(
            "SCMP_CMP_NE",
            "SCMP_CMP_LT",
            "SCMP_CMP_LE",
            "SCMP_CMP_EQ",
            "SCMP_CMP_GE",
            "SCMP_CMP_GT",
            "SCMP_CMP_MASKED_EQ");

    private final JsonNode profile;
    private final Collection<String> capabilities;
    private final boolean arm = System.getProperty("os.arch").equals("aarch64");

    private SeccompProfile(JsonNode profile, Collection<String> capabilities) {
        this.profile = profile;
        this.capabilities = capabilities;
    }

    /** @throws InvalidInputException when it is no profile */
    public static Seccomp spec(String json, Collection<String> capabilities) {
        if (json.length() > LARGEST) {
            throw new InvalidInputException("the seccomp profile is larger than 1 MiB");
        }
        try {
            JsonNode profile = JSON.readTree(json);
            if (profile == null || !profile.isObject()) {
                throw wrong("it is no JSON object");
            }
            return new SeccompProfile(profile, capabilities).spec();
        } catch (JsonProcessingException failure) {
            throw wrong("it is no JSON: "
                    + failure.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private Seccomp spec() {
        if (profile.hasNonNull("listenerPath")) {
            throw wrong("listenerPath is not supported");
        }
        List<SystemCalls> calls = new ArrayList<>();
        for (JsonNode rule : profile.path("syscalls")) {
            if (applies(rule)) {
                calls.add(calls(rule));
            }
        }
        return new Seccomp(
                action(profile.path("defaultAction").asText()),
                number(profile, "defaultErrnoRet").orElse(null),
                architectures(),
                calls);
    }

    private List<String> architectures() {
        List<String> named = texts(profile.path("architectures"));
        if (!named.isEmpty()) {
            if (!named.stream().allMatch(name -> name.startsWith("SCMP_ARCH_"))) {
                throw wrong("architectures are named as SCMP_ARCH_X86_64");
            }
            return named;
        }
        String own = arm ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
        for (JsonNode map : profile.path("archMap")) {
            if (map.path("architecture").asText().equals(own)) {
                return Stream.concat(Stream.of(own), texts(map.path("subArchitectures")).stream())
                        .toList();
            }
        }
        return null;
    }

    private boolean applies(JsonNode rule) {
        JsonNode includes = rule.path("includes");
        JsonNode excludes = rule.path("excludes");
        List<String> arches = texts(includes.path("arches"));
        return (arches.isEmpty() || arches.stream().anyMatch(this::isOwn))
                && capabilities.containsAll(texts(includes.path("caps")))
                && (!includes.hasNonNull("minKernel")
                        || KernelVersion.isAtLeast(includes.get("minKernel").asText()))
                && texts(excludes.path("arches")).stream().noneMatch(this::isOwn)
                && texts(excludes.path("caps")).stream().noneMatch(capabilities::contains)
                && (!excludes.hasNonNull("minKernel")
                        || !KernelVersion.isAtLeast(excludes.get("minKernel").asText()));
    }

    private boolean isOwn(String arch) {
        return (arm ? Set.of("arm64", "arm") : Set.of("amd64", "x86", "x32")).contains(arch);
    }

    private static SystemCalls calls(JsonNode rule) {
        List<String> names = rule.hasNonNull("name") ? List.of(rule.get("name").asText()) : texts(rule.path("names"));
        if (names.isEmpty()) {
            throw wrong("a rule names no system call");
        }
        List<Argument> arguments = new ArrayList<>();
        for (JsonNode argument : rule.path("args")) {
            String operator = argument.path("op").asText();
            int index = argument.path("index").asInt(-1);
            if (!OPERATORS.contains(operator) || index < 0 || index > 5) {
                throw wrong("an argument of " + names.getFirst() + " has no index of 0 to 5 or no operator");
            }
            arguments.add(new Argument(
                    index,
                    argument.path("value").bigIntegerValue(),
                    argument.path("valueTwo").bigIntegerValue(),
                    operator));
        }
        return new SystemCalls(
                names,
                action(rule.path("action").asText()),
                number(rule, "errnoRet").orElse(null),
                arguments.isEmpty() ? null : arguments);
    }

    private static Optional<Integer> number(JsonNode in, String field) {
        return in.hasNonNull(field) ? Optional.of(in.get(field).asInt()) : Optional.empty();
    }

    private static String action(String name) {
        if (!ACTIONS.contains(name)) {
            throw wrong("the action \"" + name + "\" is not known");
        }
        return name;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static InvalidInputException wrong(String what) {
        return new InvalidInputException("the seccomp profile is malformed: " + what);
    }
}
