package dev.wherry.daemon.runtime.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.security.Capabilities;
import dev.wherry.daemon.runtime.spec.ContainerUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The spec of one more process in a running container (the {@code process} of the OCI runtime-spec). It is kept in as the
 * container's first process is, whose spec in the bundle it begins with: limits, capabilities, AppArmor profile, and
 * whether it can gain privileges.
 *
 * @param args the program and its arguments
 * @param containerEnv what was set for the container, by its image or its user, as "KEY=VALUE"
 * @param env what is set for this process alone
 * @param workingDir empty for the container's
 * @param user "user[:group]"; empty for the container's
 * @param groups supplementary groups of the container, by name or number
 * @param privileged whether it has all capabilities that the daemon may give
 * @param columns of the terminal at its start; 0 when they are not known
 */
public record ExecSpec(
        List<String> args,
        List<String> containerEnv,
        List<String> env,
        String workingDir,
        String user,
        List<String> groups,
        boolean terminal,
        boolean privileged,
        int columns,
        int rows) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader PROCESS = JSON.reader().at("/process");

    /**
     * Writes the spec.
     *
     * @param bundle of the running container
     * @param rootfs of the running container, which may change any file in it meanwhile
     * @throws StartException when the user is not known there
     */
    public void write(Path file, Path bundle, Path rootfs) {
        try {
            Files.write(file, JSON.writeValueAsBytes(process(bundle, rootfs)));
        } catch (IOException failure) {
            throw new HostException("cannot write the spec of an exec: " + failure.getMessage(), failure);
        }
    }

    private ObjectNode process(Path bundle, Path rootfs) throws IOException {
        ObjectNode process = (ObjectNode) PROCESS.readTree(Files.readAllBytes(bundle.resolve("config.json")));
        process.remove("terminal");
        if (terminal) {
            process.put("terminal", true);
        }
        process.set("args", JSON.valueToTree(args));
        if (!workingDir.isEmpty()) {
            process.put("cwd", workingDir);
        }
        Map<String, String> variables = variables(process.withArray("env"));
        if (!user.isEmpty()) {
            ContainerUser found = ContainerUser.resolve(rootfs, user, groups);
            ObjectNode as = process.putObject("user");
            as.put("uid", found.uid()).put("gid", found.gid());
            as.set("additionalGids", JSON.valueToTree(found.groups()));
            if (!isGiven("HOME")) {
                variables.put("HOME", found.home());
            }
        }
        ArrayNode environment = process.putArray("env");
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        if (privileged) {
            ObjectNode capabilities = process.putObject("capabilities");
            for (String set : List.of("bounding", "effective", "permitted")) {
                capabilities.set(set, JSON.valueToTree(Capabilities.all()));
            }
            process.remove("apparmorProfile");
        }
        process.remove("consoleSize");
        if (terminal && columns > 0) {
            process.putObject("consoleSize").put("height", rows).put("width", columns);
        }
        return process;
    }

    /** Of the container, save what only its terminal has; then of this process. */
    private Map<String, String> variables(ArrayNode container) {
        Map<String, String> variables = new LinkedHashMap<>();
        container.forEach(variable -> ProcessVariables.apply(variable.asText(), variables));
        if (!isGiven("TERM")) {
            variables.remove("TERM");
            if (terminal) {
                variables.put("TERM", "xterm");
            }
        }
        env.forEach(variable -> ProcessVariables.apply(variable, variables));
        return variables;
    }

    private boolean isGiven(String name) {
        return java.util.stream.Stream.concat(containerEnv.stream(), env.stream())
                .anyMatch(variable -> variable.equals(name) || variable.startsWith(name + "="));
    }
}
