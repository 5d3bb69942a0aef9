package dev.wherry.cli.client.contexts;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.client.PrivateFile;
import dev.wherry.cli.client.TlsFiles;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The contexts of a user. Of each there is {@code contexts/meta/ID/meta.json}, and {@code contexts/tls/ID/docker/} with the
 * files for TLS, where ID is the SHA-256 of the name. Nothing of a context is read before it is asked for.
 */
public final class DaemonContexts {
    private static final String METADATA = "meta.json";

    private final ConfigFolder folder;

    /** @param folder of the client's configuration */
    public DaemonContexts(Path folder) {
        this.folder = new ConfigFolder(folder);
    }

    /** The context that was chosen for good; empty for the default one. */
    public Optional<String> current() {
        return folder.currentContext();
    }

    /** Chooses a context for good. */
    public void use(String name) {
        boolean isDefault = name.equals(DaemonContext.DEFAULT);
        if (!isDefault) {
            get(name);
        }
        folder.currentContext(isDefault ? Optional.empty() : Optional.of(name));
    }

    /** The names of all but the default one. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder.path().resolve("contexts").resolve("meta"))) {
            for (Path each : (Iterable<Path>) folders::iterator) {
                Path file = each.resolve(METADATA);
                text(file)
                        .flatMap(DaemonContext::nameIn)
                        .filter(name -> metadata(name).equals(file))
                        .ifPresent(names::add);
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException e) {
            throw Failure.of("cannot list the contexts: " + CallFailures.sentence(e), e);
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    public Optional<DaemonContext> find(String name) {
        DaemonContext.checkName(name);
        return text(metadata(name)).map(json -> DaemonContext.parse(name, json));
    }

    /** @throws Failure if there is no such context */
    public DaemonContext get(String name) {
        return find(name).orElseThrow(() -> new Failure("context \"" + name + "\" not found"));
    }

    /** The address of a context's daemon. */
    public HostAddress address(String name) {
        return get(name).address(tls(name));
    }

    /** The files for TLS; empty if the context has none. */
    public Optional<TlsFiles> tls(String name) {
        Path files = tlsFolder(name).resolve(DaemonContext.ENDPOINT);
        return Files.isDirectory(files) ? Optional.of(TlsFiles.in(files)) : Optional.empty();
    }

    /**
     * Keeps a context, in the place of one that has the same name.
     *
     * @throws Failure if its daemon could not be reached with these files
     */
    public void put(DaemonContext context, Optional<TlsMaterial> tls) {
        Path files = tlsFolder(context.name()).resolve(DaemonContext.ENDPOINT);
        context.address(tls.map(_ -> TlsFiles.in(files)));
        // The metadata comes last: what it says of TLS is true then.
        if (tls.isEmpty()) {
            delete(tlsFolder(context.name()));
        } else {
            tls.get().files().forEach((name, content) -> PrivateFile.replace(files.resolve(name), content));
        }
        PrivateFile.replace(metadata(context.name()), context.json().getBytes(StandardCharsets.UTF_8));
    }

    /** Forgets a context, which the user may have chosen for good. */
    public void remove(String name) {
        get(name);
        if (current().filter(name::equals).isPresent()) {
            folder.currentContext(Optional.empty());
        }
        delete(metadata(name).getParent());
        delete(tlsFolder(name));
    }

    /** The folder of a context's metadata. */
    public Path metadataFolder(String name) {
        return metadata(name).getParent();
    }

    /** The folder of a context's files for TLS, which may be absent. */
    public Path tlsFolder(String name) {
        return folder.path().resolve("contexts").resolve("tls").resolve(id(name));
    }

    private Path metadata(String name) {
        return folder.path()
                .resolve("contexts")
                .resolve("meta")
                .resolve(id(name))
                .resolve(METADATA);
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.of("cannot read the context: " + CallFailures.sentence(e), e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        } catch (NoSuchFileException absent) {
            // As it should be.
        } catch (IOException e) {
            throw Failure.of("cannot remove " + folder + ": " + CallFailures.sentence(e), e);
        }
    }

    private static String id(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
