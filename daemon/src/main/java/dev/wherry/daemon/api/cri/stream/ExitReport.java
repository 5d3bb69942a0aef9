package dev.wherry.daemon.api.cri.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * What a client reads on the error stream when its session is over: from the fourth version of the protocol on a
 * {@code Status} of Kubernetes, before that a sentence, and nothing for success.
 */
final class ExitReport {

    private static final int INTERNAL_ERROR = 500;

    private ExitReport() {}

    /** The process has ended. */
    static byte[] ended(int code, StreamProtocol protocol) {
        if (code == 0) {
            return bytes(protocol.isStructured() ? status("Success").toString() : "");
        }
        String message = "command terminated with exit code " + code;
        if (!protocol.isStructured()) {
            return bytes(message);
        }
        ObjectNode status = status("Failure").put("message", message).put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return bytes(status.toString());
    }

    /** There is no process, or its end is not known. */
    static byte[] failed(String reason, StreamProtocol protocol) {
        if (!protocol.isStructured()) {
            return bytes(reason);
        }
        ObjectNode status = status("Failure").put("message", reason).put("reason", "InternalError");
        status.putObject("details").putArray("causes").addObject().put("message", reason);
        return bytes(status.put("code", INTERNAL_ERROR).toString());
    }

    private static ObjectNode status(String status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("metadata");
        return json.put("status", status);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
