package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.spec.ContainerUser;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a copied file belongs to, by the numbers of the image. */
public record Owner(int uid, int gid) {

    private static final Pattern NUMBERS = Pattern.compile("([0-9]{0,9})(:([0-9]{0,9}))?");

    /**
     * What a file gets that is made as the image's user: as in Docker a number alone is user and group, a name brings
     * its group along, and a name that the image does not know counts as root.
     */
    public static Owner ofUser(Path rootfs, String user) {
        if (user.matches("[0-9]{1,9}")) {
            return new Owner(Integer.parseInt(user), Integer.parseInt(user));
        }
        try {
            ContainerUser known = ContainerUser.resolve(rootfs, user);
            return new Owner(known.uid(), known.gid());
        } catch (StartException unknown) {
            return new Owner(0, 0);
        }
    }

    /** What {@code --chown} means where it has numbers only: a number alone is user and group. */
    static Optional<Owner> ofNumbers(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            return Optional.empty();
        }
        int uid = number(numbers.group(1));
        return Optional.of(new Owner(uid, numbers.group(2) == null ? uid : number(numbers.group(3))));
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
