package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.exec.Exec;
import dev.wherry.daemon.container.exec.ExecConfig;

/** An exec as docker inspects it. */
public final class ExecJson {

    private ExecJson() {}

    public static String of(Exec exec) {
        ExecConfig config = exec.config();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("ID", exec.id());
        json.put("Running", exec.isRunning());
        exec.exit().ifPresentOrElse(exit -> json.put("ExitCode", exit.code().value()), () -> json.putNull("ExitCode"));
        exec.exit().filter(exit -> !exit.error().isEmpty()).ifPresent(exit -> json.put("Error", exit.error()));
        ObjectNode process = json.putObject("ProcessConfig");
        process.put("tty", config.tty());
        process.put("entrypoint", config.args().getFirst());
        ArrayNode arguments = process.putArray("arguments");
        config.args().stream().skip(1).forEach(arguments::add);
        process.put("privileged", config.privileged());
        if (!config.user().isEmpty()) {
            process.put("user", config.user());
        }
        json.put("OpenStdin", config.stdin());
        json.put("OpenStderr", config.attached());
        json.put("OpenStdout", config.attached());
        json.put("CanRemove", exec.exit().isPresent());
        json.put("ContainerID", exec.container());
        json.put("DetachKeys", config.detachKeys());
        json.put("Pid", exec.exit().isPresent() ? 0 : exec.pid());
        return json.toString();
    }
}
