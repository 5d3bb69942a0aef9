package dev.wherry.daemon.image.list;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Manifest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.copy.Copier;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** All lists, with docker's messages. A change is stored before its call returns. */
@Singleton
public final class ManifestLists {

    private final Database database;
    private final Registries registries;
    private final Copier copier;

    public ManifestLists(Database database, Registries registries, Copier copier) {
        this.database = database;
        this.registries = registries;
        this.copier = copier;
    }

    /**
     * Makes a list, or adds to one.
     *
     * @param manifests in their registries, which are asked for them
     * @param amend whether to add to a list that is there; a manifest of the same reference is replaced
     * @throws ConflictException when there is such a list and it is not to be amended
     * @throws NotFoundException when a manifest is not in its registry
     * @throws InvalidInputException when one is an index
     */
    public ManifestList create(Reference list, List<Reference> manifests, boolean amend, RegistryLogins logins) {
        Caller.current().requireRepository(list.name());
        requireNew(find(list), amend);
        List<ListEntry> found =
                manifests.stream().map(manifest -> look(manifest, logins)).toList();
        return database.write(connection -> {
            Optional<ManifestList> before = read(connection, list);
            requireNew(before, amend);
            List<ListEntry> entries =
                    new ArrayList<>(before.map(ManifestList::entries).orElse(List.of()));
            found.forEach(entry -> put(entries, entry));
            return store(connection, new ManifestList(list, entries));
        });
    }

    private static void requireNew(Optional<ManifestList> list, boolean amend) {
        if (list.isPresent() && !amend) {
            throw new ConflictException("refusing to amend an existing manifest list with no --amend flag");
        }
    }

    private static void put(List<ListEntry> entries, ListEntry entry) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).reference().equals(entry.reference())) {
                entries.set(i, entry);
                return;
            }
        }
        entries.add(entry);
    }

    private ListEntry look(Reference reference, RegistryLogins logins) {
        Caller.current().requireSource(reference.name());
        RemoteRepository repository = registries.open(reference.repositoryName(), logins);
        RemoteManifest remote = repository.manifest(reference.selector());
        String type = MediaTypes.of(remote);
        if (!MediaTypes.isManifest(type)) {
            String kind = MediaTypes.isIndex(type) ? "a manifest list" : "no manifest but of type \"" + type + "\"";
            throw new InvalidInputException(reference + " is " + kind);
        }
        String what = "the manifest of " + reference.familiar();
        Manifest manifest = Manifest.ofImage(remote.bytes(), what);
        ListedPlatform platform = CanonicalJson.read(
                repository.read(manifest.config(), ImageStore.MAX_CONFIG),
                ListedPlatform.class,
                "the config of " + reference.familiar());
        return new ListEntry(reference.toString(), type, remote.digest(), remote.bytes().length, platform);
    }

    /** Changes what a list says of a manifest's platform; what is null or empty stays. */
    public void annotate(Reference list, Reference manifest, ListedPlatform platform) {
        Caller.current().requireRepository(list.name());
        database.write(connection -> {
            ManifestList before = read(connection, list).orElseThrow(() -> absent(list));
            boolean[] changed = {false};
            UnaryOperator<ListEntry> change = entry -> {
                if (!entry.reference().equals(manifest.toString())) {
                    return entry;
                }
                changed[0] = true;
                return new ListEntry(
                        entry.reference(),
                        entry.mediaType(),
                        entry.digest(),
                        entry.size(),
                        entry.platform().with(platform));
            };
            List<ListEntry> entries = before.entries().stream().map(change).toList();
            if (!changed[0]) {
                throw new NotFoundException(
                        "manifest",
                        manifest.familiar(),
                        "manifest for image " + manifest.familiar() + " does not exist in " + list.familiar());
            }
            return store(connection, new ManifestList(list, entries));
        });
    }

    /** @throws NotFoundException when there is no such list */
    public ManifestList get(Reference list) {
        return find(list).orElseThrow(() -> absent(list));
    }

    /**
     * Pushes a list: its manifests with what they name into the list's repository, then the list itself.
     *
     * @param each told of each manifest that is brought from another repository
     * @return what the list's tag points to now
     * @throws InvalidInputException when it is not known for which platform a manifest is
     */
    public PushResult push(Reference list, RegistryLogins logins, PushProgress progress, Consumer<PushResult> each) {
        Caller.current().requireRepository(list.name());
        ManifestList pushed = get(list);
        pushed.entries().stream()
                .filter(entry -> !entry.platform().isComplete())
                .findFirst()
                .ifPresent(entry -> {
                    throw new InvalidInputException("manifest " + entry.reference()
                            + " must have an OS and Architecture to be pushed to a registry");
                });
        for (ListEntry entry : pushed.entries()) {
            Reference source = entry.source();
            if (!source.name().equals(list.name())) {
                each.accept(copier.place(source, list, logins, progress));
            }
        }
        byte[] document = pushed.document();
        return new PushResult(
                list,
                registries.target(list.repositoryName(), logins).put(list.selector(), pushed.mediaType(), document),
                document.length);
    }

    /** @throws NotFoundException when there is no such list */
    public void remove(Reference list) {
        Caller.current().requireRepository(list.name());
        database.write(connection -> {
            read(connection, list).orElseThrow(() -> absent(list));
            Rows.execute(connection, "DELETE FROM manifest_list WHERE reference = ?", list.toString());
            return null;
        });
    }

    private Optional<ManifestList> find(Reference list) {
        return database.read(connection -> read(connection, list));
    }

    private static Optional<ManifestList> read(Connection connection, Reference list) throws SQLException {
        return Rows.query(
                        connection,
                        row -> row.getString(1),
                        "SELECT entries FROM manifest_list WHERE reference = ?",
                        list.toString())
                .stream()
                .findFirst()
                .map(entries -> new ManifestList(
                        list,
                        List.of(CanonicalJson.read(
                                entries.getBytes(StandardCharsets.UTF_8), ListEntry[].class, "the list " + list))));
    }

    private static ManifestList store(Connection connection, ManifestList list) throws SQLException {
        Rows.execute(
                connection,
                "INSERT OR REPLACE INTO manifest_list (reference, entries) VALUES (?, ?)",
                list.reference().toString(),
                new String(CanonicalJson.write(list.entries()), StandardCharsets.UTF_8));
        return list;
    }

    private static NotFoundException absent(Reference list) {
        return new NotFoundException("manifest", list.familiar(), "No such manifest: " + list.familiar());
    }
}
