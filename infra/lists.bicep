// Parameters that hold a list as text, separated by commas: how one is read, and what is refused before anything is deployed.

@export()
@description('The entries of a list: trimmed, in lower case, none empty, none twice.')
func entries(list string) string[] =>
  union(filter(map(split(list, ','), entry => toLower(trim(entry))), entry => !empty(entry)), [])

@export()
@description('One sentence for each entry that is not the object id of an identity, a group or a person.')
func notObjectIds(name string, list string[]) string[] =>
  map(filter(list, entry => !isGuid(entry)), entry => '${name}: "${entry}" is not an object id')

@export()
@description('One sentence for each entry that is not a mail address.')
func notAddresses(name string, list string[]) string[] =>
  map(filter(list, entry => !isAddress(entry)), entry => '${name}: "${entry}" is not a mail address')

@export()
@description('One sentence for each entry that is not a telephone number with its country code.')
func notNumbers(name string, list string[]) string[] =>
  map(
    filter(list, entry => !startsWith(entry, '+')),
    entry => '${name}: "${entry}" is not a number such as +12065550100'
  )

@export()
@description('One sentence for each entry that is not a known word, or one if there is no entry at all.')
func notWords(name string, list string[], words string[]) string[] =>
  empty(list)
    ? ['${name}: name at least one of ${join(words, ', ')}']
    : map(
        filter(list, entry => !contains(words, entry)),
        entry => '${name}: "${entry}" is none of ${join(words, ', ')}'
      )

@export()
@description('One sentence for each entry that is not the resource id of an action group.')
func notActionGroups(name string, list string[]) string[] =>
  map(
    filter(
      list,
      entry => !startsWith(entry, '/subscriptions/') || !contains(entry, '/providers/microsoft.insights/actiongroups/')
    ),
    entry => '${name}: "${entry}" is not the resource id of an action group'
  )

func isGuid(text string) bool =>
  length(text) == 36 && empty(filter(
    range(0, 36),
    place => !contains(contains([8, 13, 18, 23], place) ? '-' : '0123456789abcdef', substring(text, place, 1))
  ))

func isAddress(text string) bool =>
  length(split(text, '@')) == 2 && !empty(first(split(text, '@'))) && contains(last(split(text, '@')), '.') && empty(intersection(
    map(range(0, length(text)), place => substring(text, place, 1)),
    [' ', ';', '<', '>', '"']
  ))
