"""Programs on tensors."""

import operator

import numpy as np

import sorix
from tests.catalogue.registry import refused

T = (np.array([0.6, 0.2]),)


@refused(*T, way="tensors")
def backward_inside(x):
    (x * x).sum().backward()
    return x.sum()


@refused(*T, way="tensors")
def reads_the_gradient(x):
    return (x * x.grad).sum() if x.grad is not None else x.sum()


@refused(*T, way="tensors")
def changes_a_tensor_in_place(x):
    y = x * 2
    y += 1.0
    return y.sum()


@refused(*T, way="tensors")
def writes_an_element_of_a_tensor(x):
    y = x * 2
    y[0] = 1.0
    return y.sum()


@refused(*T, way="tensors")
def writes_a_tensor_into_an_array(x):
    y = np.zeros(2)
    y[0] = x[0]
    return y.sum()


@refused(*T, way="tensors")
def adds_a_tensor_to_a_slice_of_an_array(x):
    y = np.zeros(3)
    y[1:] += x * 3.0
    return np.sum(y**2)


@refused(*T, way="tensors")
def computes_a_tensor_into_an_array(x):
    y = np.zeros(2)
    np.multiply(x, 3.0, out=y)
    return np.sum(y**2)


@refused(*T, way="tensors")
def adds_a_tensor_at_indices_of_an_array(x):
    y = np.zeros(2)
    np.add.at(y, np.array([0, 0]), x)
    return np.sum(y**2)


@refused(*T, way="tensors")
def adds_a_constant_tensor_to_an_array(x):
    y = np.zeros(2)
    y += x.detach()
    return (x * y).sum()


@refused(*T, way="tensors")
def copies_numbers_into_a_tensor(x):
    y = x * 2.0
    np.copyto(y, np.ones(2))
    return y.sum()


@refused(*T, way="tensors")
def changes_a_tensor_by_a_function(x):
    y = x * 2
    operator.iadd(y, 1.0)
    return y.sum()


@refused(*T, way="tensors")
def array_of_a_tensor_that_requires_grad(x):
    return (x * x.numpy()).sum()


@refused(*T, way="tensors")
def array_made_of_tensors(x):
    return (x * np.array([x[0], x[1] * 2.0])).sum()


@refused(*T, way="tensors")
def unknown_method_of_a_tensor(x):
    return x.logdet()


@refused(*T, way="tensors")
def derivative_by_a_number(x):
    return sorix.grad((x * x).sum(), 3.0)[0]


@refused(*T, way="tensors")
def derivative_by_a_constant(x):
    c = sorix.tensor([1.0, 2.0])
    return sorix.grad((x * c).sum(), c)[0].sum()


@refused(*T, way="tensors")
def derivative_of_a_constant(x):
    c = sorix.tensor([1.0, 2.0])
    return sorix.grad(c.sum(), x)[0].sum()


@refused(*T, way="tensors")
def derivative_of_many_numbers(x):
    return sorix.grad(x * x, x)[0].sum()


@refused(*T, way="tensors")
def derivative_by_what_is_not_used(x):
    y = x * 2
    return sorix.grad((x * x).sum(), y)[0].sum()


@refused(*T, way="tensors")
def integer_dtype_of_a_tensor(x):
    return sorix.grad((x.data * 2).sum(), x)[0]


@refused(*T, way="tensors")
def derivative_through_a_graph_that_was_freed(x):
    u = np.sin(x) * x
    (du,) = sorix.grad(u.sum(), x)
    return (du**2).sum() + (u**2).sum()


@refused(*T, way="tensors")
def gradient_through_a_graph_that_was_freed(x):
    u = np.sin(x) * x
    (du,) = sorix.grad(u.sum(), x)
    (again,) = sorix.grad((u * u).sum(), x)
    return (du + again).sum()
