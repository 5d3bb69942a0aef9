package dev.wherry.daemon.api.docker.http;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences of errors that programs look for, as docker words them, and the status codes where docker's is not that of the
 * kind of error; all others stay as they are.
 */
public final class DockerSentences {

    private record Wording(Pattern ours, String docker, OptionalInt status) {

        Wording(String ours, String docker) {
            this(Pattern.compile(ours, Pattern.DOTALL), docker, OptionalInt.empty());
        }

        Wording(String ours, String docker, int status) {
            this(Pattern.compile(ours, Pattern.DOTALL), docker, OptionalInt.of(status));
        }
    }

    private static final List<Wording> WORDINGS = List.of(
            new Wording("no such (.*)", "No such $1"),
            new Wording("(logger: no log driver named .*?' is registered).*", "$1"),
            new Wording(
                    "the container name \"(.+)\" is already in use by container ([0-9a-f]+):.*",
                    "Conflict. The container name \"/$1\" is already in use by container \"$2\". You have to remove (or"
                            + " rename) that container to be able to reuse that name."),
            new Wording(
                    "container name \"(.*)\" is not allowed:.*",
                    "Invalid container name ($1), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
            new Wording(
                    "cannot remove container \"(.+)\": container is (.*)",
                    "cannot remove container \"/$1\": container is $2"),
            new Wording("cannot join (.*): no such container: (.*)", "cannot join $1: No such container: $2"),
            new Wording("signal \"(.*)\" is not known:.*", "Invalid signal: $1"),
            new Wording("(UTS|IPC|PID) namespace (.*): not known:.*", "invalid $1 mode: $2"),
            new Wording(
                    "CPU shares (\\S+): use a positive number",
                    "invalid CPU shares ($1): value must be a positive integer"),
            new Wording("memory limit: at least 6 MiB are needed", "Minimum memory limit allowed is 6MB"),
            new Wording(
                    "the target \"(.*)\" of a mount is not absolute",
                    "invalid mount path: '$1' mount path must be absolute"),
            new Wording(
                    "nothing can be mounted over the container's \"/\"",
                    "invalid specification: destination can't be '/'"),
            new Wording(
                    "the subpath \"(.*)\" of the mount at .* must not leave the volume",
                    "invalid subpath \"$1\": subpath must be a relative path within the volume"),
            new Wording(
                    "port (\\S+)/(?:tcp|udp|sctp) is already in use(.*)",
                    "driver failed programming external connectivity: Bind for $1 failed: port is already allocated$2",
                    500),
            new Wording("Container (\\S+) is not paused", "Container $1 is not paused", 500),
            new Wording(
                    "operation is not permitted on predefined (\\S+) network",
                    "operation is not permitted on predefined $1 network",
                    403),
            new Wording(
                    "(\\S+) is a pre-defined network and cannot be removed",
                    "$1 is a pre-defined network and cannot be removed",
                    403),
            new Wording(
                    "(error looking up volume plugin .*: plugin \".*\" not found): the one volume driver is \"local\"",
                    "$1",
                    404),
            new Wording("additional host (.*): write NAME:ADDRESS", "bad format for add-host: \"$1\""),
            new Wording("additional host .*: \"(.*)\" is no IP address", "invalid IP address in add-host: \"$1\""),
            new Wording(
                    "((?!https?://)\\S+[:@]\\S+) not found",
                    "manifest for $1 not found: manifest unknown: manifest unknown"));

    private DockerSentences() {}

    /** The sentence that docker would say. */
    public static String of(String message) {
        for (Wording wording : WORDINGS) {
            Matcher matcher = wording.ours.matcher(message);
            if (matcher.matches()) {
                return matcher.replaceFirst(wording.docker);
            }
        }
        return message;
    }

    /** The status code that docker answers with, where it is another than that of the kind of error. */
    static OptionalInt status(String message) {
        return WORDINGS.stream()
                .filter(wording -> wording.status.isPresent()
                        && wording.ours.matcher(message).matches())
                .map(Wording::status)
                .findFirst()
                .orElse(OptionalInt.empty());
    }
}
