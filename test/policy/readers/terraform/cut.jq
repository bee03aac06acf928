{format_version, complete, applyable, errored,
 resource_changes: [.resource_changes[]? | {address, previous_address, deposed, mode, type,
   change: {actions: .change.actions, importing: (.change.importing != null)}} | with_entries(select(.value != null))],
 provisioners: ([.configuration | .. | objects | .provisioners? | arrays | .[].type] | unique)}
