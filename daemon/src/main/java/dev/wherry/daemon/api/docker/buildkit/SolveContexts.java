package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.daemon.api.docker.buildkit.session.ClientSession;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSessions;
import dev.wherry.daemon.api.docker.buildkit.session.SessionDockerfile;
import dev.wherry.daemon.api.docker.buildkit.session.SessionFiles;
import dev.wherry.daemon.api.docker.buildkit.session.SessionLayout;
import dev.wherry.daemon.api.docker.buildkit.session.SessionStore;
import dev.wherry.daemon.builder.BuildRequest;
import dev.wherry.daemon.builder.ContextClient;
import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the files of a solve come from: directories of the client's sessions, archives, addresses, images. */
final class SolveContexts implements AutoCloseable {

    private static final String UPLOAD = "http://buildkit-session/";
    private static final String IMAGE = "docker-image://";
    private static final String LOCAL = "local:";
    private static final String INPUT = "input:";
    private static final Pattern LAYOUT = Pattern.compile("oci-layout:(?://)?([^@]+?)(?::[^:@/]*)?(?:@(.+))?");

    /** What the files of caches are known by, which is no name of a context. */
    private static final String CACHE = "\0cache ";

    private final ClientSessions sessions;
    private final Optional<ClientSession> own;
    private final Attributes options;
    private final UnaryOperator<String> inputs;
    private final Map<String, ContextClient> clients = new ConcurrentHashMap<>();
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
        Optional<String> address = options.text("context").or(() -> options.text("input:context"));
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
            Optional<String> address = options.text("input:git_state_" + value.substring(INPUT.length()))
                    .or(() -> options.text("input:context:" + name));
            return address.isPresent()
                    ? new ContextSource.Address(address.get())
                    : new ContextSource.Image(inputs.apply(value.substring(INPUT.length())));
        }
        Matcher layout = LAYOUT.matcher(value);
        if (layout.matches()) {
            return layout(name, layout);
        }
        if (value.startsWith(LOCAL)) {
            String word = value.substring(LOCAL.length());
            ClientSession session = session(word);
            clients.put(name, SessionFiles.directory(session, word, Optional.empty()));
            return directory(session, options.text("sharedkey:localdir:" + name).orElse(word));
        }
        return new ContextSource.Address(value);
    }

    /** The client tells what it calls the layout in this session, and which of its images is meant. */
    private ContextSource layout(String name, Matcher value) throws InterruptedException {
        ClientSession session = required();
        Digest image = Digest.parse(Optional.ofNullable(value.group(2))
                .orElseThrow(() -> new InvalidInputException(
                        "the build context \"" + name + "\" does not say which image of its layout is meant")));
        clients.put(name, new SessionLayout(SessionStore.ofImages(session, value.group(1)), image));
        return new ContextSource.Layout(directory(session, "oci-layout-" + name).directory(), image.toString());
    }

    /** A cache in a folder of the client. */
    CacheSource.Folder cache(String folder, String digest) {
        ClientSession session = required();
        clients.put(CACHE + folder, new SessionLayout(SessionStore.ofCaches(session, folder), Digest.parse(digest)));
        String name = folder.replaceFirst("/+$", "").replaceFirst(".*/", "");
        return new CacheSource.Folder(directory(session, name).directory(), digest, CACHE + folder);
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
        clients.values().forEach(client -> {
            if (client instanceof SessionFiles files) {
                files.close();
            }
        });
    }
}
