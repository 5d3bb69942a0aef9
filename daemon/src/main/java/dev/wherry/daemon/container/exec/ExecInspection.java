package dev.wherry.daemon.container.exec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An exec as docker shows it. */
final class ExecInspection {

    private ExecInspection() {}

    /** A JSON object with docker's field names. */
    static String json(Exec exec) {
        ExecConfig config = exec.config();
        ObjectNode json = Execs.JSON.createObjectNode();
        json.put("ID", exec.id());
        json.put("Running", exec.exit().isEmpty());
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
        json.put("DetachKeys", "");
        json.put("Pid", exec.exit().isPresent() ? 0 : exec.pid());
        return json.toString();
    }
}
