package dev.wherry.contract;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One enum before and after a change. */
record EnumChange(String name, EnumDescriptorProto before, EnumDescriptorProto after) {

    List<String> breaks() {
        List<String> breaks = new ArrayList<>();
        for (EnumValueDescriptorProto value : before.getValueList()) {
            String what = name + "." + value.getName();
            Optional<EnumValueDescriptorProto> next = after.getValueList().stream()
                    .filter(other -> other.getNumber() == value.getNumber())
                    .findFirst();
            if (next.isEmpty()) {
                if (!isReserved(value.getNumber(), after)
                        || !after.getReservedNameList().contains(value.getName())) {
                    breaks.add(what + " was removed: reserve its name and its number " + value.getNumber());
                }
            } else if (!next.get().getName().equals(value.getName())) {
                breaks.add(what + " has the name " + next.get().getName() + " now");
            }
        }
        for (EnumValueDescriptorProto value : after.getValueList()) {
            if (isReserved(value.getNumber(), before)) {
                breaks.add(name + "." + value.getName() + " has the reserved number " + value.getNumber());
            }
        }
        return breaks;
    }

    /** Ranges of enums include their ends, other than those of messages. */
    private static boolean isReserved(int number, EnumDescriptorProto type) {
        return type.getReservedRangeList().stream()
                .anyMatch(range -> range.getStart() <= number && number <= range.getEnd());
    }
}
