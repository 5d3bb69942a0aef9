package dev.wherry.daemon.api.docker.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.Parameters;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.json.ImageJson;
import dev.wherry.daemon.builder.plan.ConfigChanges;
import dev.wherry.daemon.container.files.CommitOptions;
import dev.wherry.daemon.container.files.Commits;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.HistoryEntry;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageFilters;
import dev.wherry.daemon.image.ImageName;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.PrunedImages;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.RemovedItem;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The images that are here. */
@Singleton
final class ImageRoutes implements RouteSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ImageStore images;
    private final ImageFilters filters;
    private final Commits commits;

    ImageRoutes(ImageStore images, ImageFilters filters, Commits commits) {
        this.images = images;
        this.filters = filters;
        this.commits = commits;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("GET", "/images/json", "ImageService/List", this::list)
                .add("POST", "/images/prune", "ImageService/Prune", this::prune)
                .add("GET", "/images/{name...}/json", "ImageService/Inspect", this::inspect)
                .add("GET", "/images/{name...}/history", "ImageService/History", this::history)
                .add("POST", "/images/{name...}/tag", "ImageService/Tag", this::tag)
                .add("DELETE", "/images/{name...}", "ImageService/Remove", this::remove)
                .add("POST", "/commit", "ContainerService/Commit", this::commit);
    }

    /** The image that a request names; what is no name at all is no image either. */
    private Image image(Exchange call) {
        String name = call.variable("name");
        try {
            return images.resolve(name, platform(call.parameters()));
        } catch (InvalidInputException malformed) {
            throw new NotFoundException("image", name);
        }
    }

    static Optional<Platform> platform(Parameters parameters) {
        String text = parameters.text("platform");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.startsWith("{")) {
            return Optional.of(Platform.parse(text));
        }
        JsonBody json = JsonBody.parse(text);
        String variant = json.text("variant");
        return Optional.of(Platform.parse(
                json.text("os") + "/" + json.text("architecture") + (variant.isEmpty() ? "" : "/" + variant)));
    }

    private void list(Exchange call) {
        ArrayNode list = JSON.arrayNode();
        filters.list(call.parameters().filters())
                .forEach(image -> list.add(ImageListJson.row(image, Optional.empty())));
        call.json(200, list);
    }

    private void inspect(Exchange call) {
        Image image = image(call);
        call.json(200, ImageJson.of(image, images.names(image)));
    }

    private void history(Exchange call) {
        ArrayNode list = JSON.arrayNode();
        Image image = image(call);
        boolean top = true;
        for (HistoryEntry entry : images.history(image)) {
            ObjectNode json = list.addObject()
                    .put("Id", entry.imageId().map(Digest::toString).orElse("<missing>"))
                    .put("Created", entry.created().getEpochSecond())
                    .put("CreatedBy", entry.createdBy());
            ArrayNode tags = json.putArray("Tags");
            if (top) {
                images.names(image).stream()
                        .map(ImageName::reference)
                        .filter(reference -> reference.digest().isEmpty())
                        .map(Reference::familiar)
                        .forEach(tags::add);
            } else {
                json.putNull("Tags");
            }
            json.put("Size", entry.size()).put("Comment", entry.comment());
            top = false;
        }
        call.json(200, list);
    }

    private void tag(Exchange call) {
        String repository = call.parameters().text("repo");
        String tag = call.parameters().text("tag");
        images.tag(image(call).id().toString(), named(repository, tag));
        call.empty(201);
    }

    private static Reference named(String repository, String tag) {
        return Reference.parse(tag.isEmpty() ? repository : repository + ":" + tag);
    }

    private void remove(Exchange call) {
        String name = call.variable("name");
        List<RemovedItem> removed;
        try {
            removed = images.remove(
                    name, platform(call.parameters()), call.parameters().flag("force"));
        } catch (InvalidInputException malformed) {
            throw new NotFoundException("image", name);
        }
        ArrayNode list = JSON.arrayNode();
        removed.forEach(item -> list.add(json(item)));
        call.json(200, list);
    }

    private static ObjectNode json(RemovedItem item) {
        return switch (item) {
            case RemovedItem.Untagged untagged -> JSON.objectNode().put("Untagged", untagged.reference());
            case RemovedItem.Deleted deleted ->
                JSON.objectNode().put("Deleted", deleted.image().toString());
        };
    }

    private void prune(Exchange call) {
        PrunedImages pruned = images.prune(filters.toPrune(call.parameters().filters()));
        ObjectNode answer = JSON.objectNode();
        if (pruned.removed().isEmpty()) {
            answer.putNull("ImagesDeleted");
        } else {
            ArrayNode deleted = answer.putArray("ImagesDeleted");
            pruned.removed().forEach(item -> deleted.add(json(item)));
        }
        call.json(200, answer.put("SpaceReclaimed", pruned.bytes()));
    }

    private void commit(Exchange call) throws InterruptedException {
        Parameters asked = call.parameters();
        String repository = asked.text("repo");
        String tag = asked.text("tag");
        UnaryOperator<ImageConfig> body = CommitBody.changes(call.jsonBody());
        UnaryOperator<ImageConfig> changes = ConfigChanges.parse(changes(asked));
        Digest image = commits.commit(
                asked.text("container"),
                new CommitOptions(
                        repository.isEmpty() ? Optional.empty() : Optional.of(named(repository, tag)),
                        asked.text("comment"),
                        asked.text("author"),
                        config -> changes.apply(body.apply(config)),
                        asked.flagOrTrue("pause")));
        call.json(201, JSON.objectNode().put("Id", image.toString()));
    }

    /** Given one by one, or in one text with a line each. */
    static List<String> changes(Parameters asked) {
        return asked.texts("changes").stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .toList();
    }
}
