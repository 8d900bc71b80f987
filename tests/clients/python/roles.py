from check import fails


def test(clerk, _environment):
    roles, permissions = clerk.organization_roles, clerk.organization_permissions
    assert [role.key for role in roles.list().data] == ["org:admin", "org:member"]
    system = permissions.list(query="profile", order_by="key").data
    assert [one.key for one in system] == ["org:sys_profile:delete", "org:sys_profile:manage"]
    permission = permissions.create(name="Write posts", key="org:posts:write")
    assert permissions.get(permission_id=permission.id).type == "user"
    assert permissions.update(permission_id=permission.id, description="All of them").description == "All of them"

    role = roles.create(name="Editor", key="org:editor", permissions=[system[0].id])
    assert roles.get(organization_role_id=role.id).key == "org:editor"
    which = {"organization_role_id": role.id, "permission_id": permission.id}
    both = roles.assign_permission(**which).permissions
    assert [one.key for one in both] == ["org:sys_profile:delete", "org:posts:write"]
    assert len(roles.remove_permission(**which).permissions) == 1
    with fails(404, "organization_role_permission_association_not_found"):
        roles.remove_permission(**which)
    assert roles.update(organization_role_id=role.id, permissions=[]).permissions == []
    assert roles.delete(organization_role_id=role.id).deleted
    assert permissions.delete(permission_id=permission.id).deleted

    (role_set,) = clerk.role_sets.list().data
    assert clerk.role_sets.get(role_set_key_or_id=role_set.key).creator_role.key == "org:admin"
    assert clerk.role_sets.update(role_set_key_or_id=role_set.id, name="Ours").name == "Ours"
