package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.api.docker.buildkit.session.ClientSession;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.docker.buildkit.session.SessionDockerfile;
import dev.wherry.daemon.api.docker.buildkit.session.SessionFiles;
import dev.wherry.daemon.builder.BuildRequest;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Where the files of a solve come from: directories of the client's sessions, archives, addresses, images. */
final class SolveContexts implements AutoCloseable {

    private static final String UPLOAD = "http://buildkit-session/";
    private static final String IMAGE = "docker-image://";
    private static final String LOCAL = "local:";
    private static final String INPUT = "input:";
    private static final String LAYOUT = "oci-layout:";

    private final ClientSessions sessions;
    private final Optional<ClientSession> own;
    private final Attributes options;
    private final UnaryOperator<String> inputs;
    private final Map<String, SessionFiles> clients = new HashMap<>();
    private final ContextSource.Files main;
    private final List<BuildRequest.Named> named = new ArrayList<>();
    private Optional<byte[]> dockerfile = Optional.empty();

    /**
     * @param own the session of the solve; empty when the client has none
     * @param inputs gives the image that an input stands for
     */
    SolveContexts(
            ClientSessions sessions, Optional<ClientSession> own, Attributes options, UnaryOperator<String> inputs)
            throws InterruptedException {
        this.sessions = sessions;
        this.own = own;
        this.options = options;
        this.inputs = inputs;
        this.main = main();
        for (Map.Entry<String, String> context : options.below("context:").entrySet()) {
            String name = context.getKey().replaceFirst("::.*", "");
            named.add(new BuildRequest.Named(name, source(name, context.getValue())));
        }
    }

    ContextSource.Files source() {
        return main;
    }

    private ContextSource.Files main() throws InterruptedException {
        Optional<String> address = options.text("context");
        if (address.isEmpty()) {
            String word = options.text("contextkey").orElse("context");
            ClientSession session = session(word);
            clients.put("", SessionFiles.directory(session, word, Optional.of(dockerfile())));
            return directory(session, "");
        }
        if (options.has("dockerfilekey")) {
            dockerfile = Optional.of(dockerfile().find().content());
        }
        if (!address.get().startsWith(UPLOAD)) {
            return new ContextSource.Address(address.get());
        }
        clients.put("", SessionFiles.archive(required(), uri(address.get())));
        return new ContextSource.Archive();
    }

    private static URI uri(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("the address of the build context is malformed");
        }
    }

    private SessionDockerfile dockerfile() throws InterruptedException {
        String word = options.text("dockerfilekey").orElse("dockerfile");
        return new SessionDockerfile(
                session(word), word, options.text("filename").orElse("Dockerfile"));
    }

    private ClientSession required() {
        return own.orElseThrow(() -> new InvalidInputException("the build needs a session of its client"));
    }

    /** Builds that share a directory share the session of it. */
    private ClientSession session(String directory) throws InterruptedException {
        Optional<String> other = options.text("local-sessionid:" + directory);
        return other.isPresent() ? sessions.await(other.get()) : required();
    }

    /** Nobody claims that the daemon could read it. */
    private static ContextSource.Directory directory(ClientSession session, String word) {
        Path path = session.directory().path(word);
        return new ContextSource.Directory(new SharedDirectory(path, 0, 0, 0, false));
    }

    private ContextSource source(String name, String value) throws InterruptedException {
        if (value.startsWith(IMAGE)) {
            return new ContextSource.Image(value.substring(IMAGE.length()));
        }
        if (value.startsWith(INPUT)) {
            return new ContextSource.Image(inputs.apply(value.substring(INPUT.length())));
        }
        if (value.startsWith(LAYOUT)) {
            throw new UnsupportedException(
                    "the build context \"" + name
                            + "\": image layouts are not supported over BuildKit's protocol: load the image, or build with wherry build");
        }
        if (value.startsWith(LOCAL)) {
            String word = value.substring(LOCAL.length());
            ClientSession session = session(word);
            clients.put(name, SessionFiles.directory(session, word, Optional.empty()));
            return directory(session, options.text("sharedkey:localdir:" + name).orElse(word));
        }
        return new ContextSource.Address(value);
    }

    List<BuildRequest.Named> named() {
        return named;
    }

    /** The Dockerfile, where it does not come with the context. */
    Optional<byte[]> dockerfileContent() {
        return dockerfile;
    }

    /** Null for a main context that the client does not send, where nobody needs it. */
    ContextClient client(String name) {
        ContextClient client = clients.get(name);
        if (client == null && !name.isEmpty()) {
            throw new InvalidInputException("the client does not send the build context \"" + name + "\"");
        }
        return client;
    }

    @Override
    public void close() {
        clients.values().forEach(SessionFiles::close);
    }
}
