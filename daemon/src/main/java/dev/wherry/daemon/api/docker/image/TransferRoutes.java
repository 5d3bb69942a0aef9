package dev.wherry.daemon.api.docker.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.Parameters;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.builder.plan.ConfigChanges;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions.Format;
import dev.wherry.daemon.image.archive.ImageLoader;
import dev.wherry.daemon.image.archive.ImageSaver;
import dev.wherry.daemon.image.archive.LoadedImage;
import dev.wherry.daemon.image.archive.RootfsImporter;
import dev.wherry.daemon.image.archive.SaveOptions;
import dev.wherry.daemon.image.pull.Puller;
import dev.wherry.daemon.image.push.Pusher;
import dev.wherry.daemon.registry.FoundRepository;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.tar.TarWriter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Images on their way to and from registries and archives. */
@Singleton
final class TransferRoutes implements RouteSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int USUAL_RESULTS = 25;

    private static final Set<String> IMAGE_CONFIGS = Set.of(MediaTypes.CONFIG, MediaTypes.DOCKER_CONFIG);

    private final ImageStore images;
    private final Puller puller;
    private final Pusher pusher;
    private final ImageSaver saver;
    private final ImageLoader loader;
    private final RootfsImporter importer;
    private final Registries registries;

    TransferRoutes(
            ImageStore images,
            Puller puller,
            Pusher pusher,
            ImageSaver saver,
            ImageLoader loader,
            RootfsImporter importer,
            Registries registries) {
        this.images = images;
        this.puller = puller;
        this.pusher = pusher;
        this.saver = saver;
        this.loader = loader;
        this.importer = importer;
        this.registries = registries;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("POST", "/images/create", "ImageService/Pull", this::create)
                .add("POST", "/images/load", "ImageService/Load", this::load)
                .add(
                        "GET",
                        "/images/get",
                        "ImageService/Save",
                        call -> save(call, call.parameters().texts("names")))
                .add("GET", "/images/search", "RegistryService/Search", this::search)
                .add(
                        "GET",
                        "/images/{name...}/get",
                        "ImageService/Save",
                        call -> save(call, List.of(call.variable("name"))))
                .add("POST", "/images/{name...}/push", "ImageService/Push", this::push)
                .add("GET", "/distribution/{name...}/json", "RegistryService/GetManifest", this::distribution)
                .add("POST", "/auth", "RegistryService/Login", this::login);
    }

    private void create(Exchange call) throws Exception {
        Parameters asked = call.parameters();
        if (asked.has("fromSrc")) {
            importImage(call);
            return;
        }
        String name = asked.text("fromImage");
        if (name.isEmpty()) {
            throw new InvalidInputException("nothing to pull or import: give fromImage or fromSrc");
        }
        Reference reference = reference(name, asked.text("tag"));
        List<Platform> platforms = Platform.parseAll(asked.text("platform"));
        RegistryLogins logins = RegistryAuth.of(call, reference.registry());
        ProgressLines lines = new ProgressLines(call);
        PullLines progress = new PullLines(lines);
        boolean all = reference.tag().isEmpty() && reference.digest().isEmpty();
        lines.of(() -> {
            for (Reference one : all ? puller.tags(reference, logins) : List.of(reference)) {
                progress.result(puller.pull(one, platforms, logins, progress));
            }
        });
    }

    private static Reference reference(String name, String tag) {
        return Reference.parse(tag.isEmpty() ? name : name + (tag.contains(":") ? "@" : ":") + tag);
    }

    private void importImage(Exchange call) throws Exception {
        Parameters asked = call.parameters();
        if (!asked.text("fromSrc").equals("-")) {
            throw new UnsupportedException(
                    "an import from a URL is not supported: download it and send it with fromSrc=-");
        }
        String repository = asked.text("repo");
        Optional<Reference> reference =
                repository.isEmpty() ? Optional.empty() : Optional.of(reference(repository, asked.text("tag")));
        Image image = importer.importImage(
                call.body(),
                reference,
                ConfigChanges.parse(ImageRoutes.changes(asked)),
                asked.text("message"),
                ImageRoutes.platform(asked).orElseGet(Platform::host));
        new ProgressLines(call).status(image.id().toString());
    }

    private void load(Exchange call) throws Exception {
        ProgressLines lines = new ProgressLines(call);
        lines.of(() -> {
            for (LoadedImage image : loaded(call, lines)) {
                String loaded = image.reference()
                        .map(reference -> "Loaded image: " + reference.familiar())
                        .orElse("Loaded image ID: " + image.image());
                lines.send(ProgressLines.line().put("stream", loaded + "\n"));
            }
        });
    }

    /** The answer begins when all is done, which is what some clients wait for; failures are in its lines alone. */
    private List<LoadedImage> loaded(Exchange call, ProgressLines lines) {
        try {
            List<LoadedImage> loaded = loader.load(call.body(), ImageRoutes.platform(call.parameters()));
            lines.begin();
            return loaded;
        } catch (CancelledException gone) {
            throw gone;
        } catch (WherryException failure) {
            lines.begin();
            throw failure;
        }
    }

    private void save(Exchange call, List<String> names) throws IOException {
        names.forEach(images::resolve);
        try (OutputStream out = call.stream(200, "application/x-tar")) {
            saver.save(
                    new SaveOptions(Format.DOCKER, names, ImageRoutes.platform(call.parameters())), new TarWriter(out));
        }
    }

    private void push(Exchange call) throws Exception {
        Reference reference = reference(call.variable("name"), call.parameters().text("tag"));
        RegistryLogins logins = RegistryAuth.of(call, reference.registry());
        boolean all = reference.tag().isEmpty() && reference.digest().isEmpty();
        List<Reference> references = all ? pusher.tags(reference) : List.of(reference);
        ProgressLines lines = new ProgressLines(call);
        lines.of(() -> {
            lines.status("The push refers to repository [" + reference.name() + "]");
            PushLines progress = new PushLines(lines);
            for (Reference one : references) {
                progress.result(pusher.push(one, ImageRoutes.platform(call.parameters()), logins, progress));
            }
        });
    }

    private void search(Exchange call) {
        ArrayNode results = JSON.arrayNode();
        int limit = call.parameters().number("limit").orElse(0);
        for (FoundRepository found : registries.search(
                call.parameters().text("term"),
                limit == 0 ? USUAL_RESULTS : limit,
                RegistryAuth.of(call, Reference.DEFAULT_REGISTRY))) {
            results.addObject()
                    .put("name", found.name())
                    .put("description", found.description())
                    .put("star_count", found.stars())
                    .put("is_official", found.official())
                    .put("is_automated", found.automated());
        }
        call.json(200, results);
    }

    private void distribution(Exchange call) {
        Reference reference = Reference.parse(call.variable("name"));
        Caller.current().requireSource(reference.name());
        RemoteRepository repository =
                registries.open(reference.repositoryName(), RegistryAuth.of(call, reference.registry()));
        RemoteManifest manifest = repository.manifest(reference.selector());
        ObjectNode answer = JSON.objectNode();
        answer.putObject("Descriptor")
                .put("mediaType", manifest.mediaType())
                .put("digest", manifest.digest().toString())
                .put("size", manifest.bytes().length);
        ArrayNode platforms = answer.putArray("Platforms");
        platforms(repository, manifest, reference).forEach(platform -> {
            ObjectNode told = platforms
                    .addObject()
                    .put("architecture", platform.text("architecture"))
                    .put("os", platform.text("os"));
            if (platform.has("variant")) {
                told.put("variant", platform.text("variant"));
            }
        });
        call.json(200, answer);
    }

    /** Those of an index; an image says in its config which one it is for, another artifact is for none. */
    private static List<JsonBody> platforms(RemoteRepository repository, RemoteManifest manifest, Reference reference) {
        JsonBody document = JsonBody.parse(new String(manifest.bytes(), StandardCharsets.UTF_8));
        if (MediaTypes.isIndex(MediaTypes.of(manifest))) {
            return document.objects("manifests").stream()
                    .map(entry -> entry.object("platform"))
                    .toList();
        }
        if (!IMAGE_CONFIGS.contains(document.object("config").text("mediaType"))) {
            return List.of();
        }
        Descriptor config = Manifest.ofImage(manifest.bytes(), "the manifest of " + reference.familiar())
                .config();
        byte[] bytes = repository.read(config, ImageStore.MAX_CONFIG);
        return List.of(JsonBody.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    private void login(Exchange call) {
        JsonBody auth = call.jsonBody();
        String host = RegistryAuth.host(auth.text("serveraddress"));
        RegistryLogins logins = RegistryAuth.login(auth)
                .map(login -> new RegistryLogins(Map.of(host, login)))
                .orElse(RegistryLogins.NONE);
        call.json(
                200,
                JSON.objectNode()
                        .put("Status", "Login Succeeded")
                        .put("IdentityToken", registries.login(host, logins)));
    }
}
