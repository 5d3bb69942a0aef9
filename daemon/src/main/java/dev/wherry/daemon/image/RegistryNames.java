package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.registry.RepositoryName;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is known of images in their registries: which repositories have what of them. */
@Singleton
public final class RegistryNames {

    private final Database database;
    private final ImageEvents events;

    public RegistryNames(Database database, Events events) {
        this.database = database;
        this.events = new ImageEvents(events);
    }

    /** References of repositories that had a blob when an image was pulled from or pushed to them. */
    private List<Reference> having(Digest blob) {
        return database.read(connection -> new ImageTable(connection).registered(blob));
    }

    /** Another repository of a target's registry that had a blob, from which the registry may take it. */
    public Optional<RepositoryName> mountable(Digest blob, Reference target) {
        return having(blob).stream()
                .filter(name -> name.registry().equals(target.registry()))
                .filter(name -> !name.repository().equals(target.repository()))
                .map(Reference::repositoryName)
                .findFirst();
    }

    /** The tags of a repository that are here, sorted. */
    public List<Reference> tags(String repositoryName) {
        return database.read(connection -> new ImageTable(connection).named(repositoryName)).stream()
                .filter(reference -> reference.name().equals(repositoryName))
                .filter(reference -> reference.tag().isPresent())
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** Records that a tag points to a manifest or index in its registry. */
    public void pushed(Reference reference, Digest manifest) {
        List<Event> told = new ArrayList<>();
        database.write(connection -> {
            new ImageTable(connection).registered(reference, manifest);
            told.addAll(events.pushed(connection, reference));
            return null;
        });
        events.publish(told);
    }
}
